create group analysts;
