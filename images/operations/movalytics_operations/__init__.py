"""What people, the exit handler and the alarm do about runs; this component alone knows Kubernetes."""
