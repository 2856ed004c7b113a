"""What every step shares: lake access, logging, errors and the frame a step runs in."""
