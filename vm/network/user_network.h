// A network of the host's user, without privileges: libslirp's router, name server and DHCP server at 10.0.2.2 and 10.0.2.3.
#pragma once

#include <memory>

#include "assembler/base/result.h"
#include "vm/devices/network.h"

namespace network {

// Error [no-user-network] where this was built without libslirp.
base::Result<std::unique_ptr<devices::Wire>> makeUserNetwork();

}  // namespace network
