/* The version of the library and of the function, by https://semver.org. */
#ifndef RUNTIME_VERSION_H
#define RUNTIME_VERSION_H

#define COUNTERSIGN_VERSION "0.1.0"

#endif
