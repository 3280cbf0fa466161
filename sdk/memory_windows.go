package sdk

func groupMemory(int) (int64, error) { return 0, errNoMemory }
