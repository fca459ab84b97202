"""日历: trading days and working days, and how much working time lies between two instants."""
