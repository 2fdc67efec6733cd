#include "vm/network/user_network.h"

namespace network {

base::Result<std::unique_ptr<devices::Wire>> makeUserNetwork() {
  return base::Error{"this build has no user-mode network: install libslirp-dev and libglib2.0-dev, and build again", "no-user-network", ""};
}

}  // namespace network
