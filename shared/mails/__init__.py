"""Mail between services: the kinds there are, and how a service asks for one."""
