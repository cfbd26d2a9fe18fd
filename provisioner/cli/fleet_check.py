"""The program as a worker of the fleet starts it: it ends when its worker does."""

from provisioner.cli import main
from provisioner.fleet.leash import follow

if __name__ == "__main__":
    follow()
    main()
