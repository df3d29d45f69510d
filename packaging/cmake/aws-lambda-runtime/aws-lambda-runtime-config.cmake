# find_package(aws-lambda-runtime) as aws-lambda-cpp's users write it: the target
# AWS::aws-lambda-runtime, and the function aws_lambda_package_target().

include(CMakeFindDependencyMacro)
find_dependency(countersign-runtime PATHS "${CMAKE_CURRENT_LIST_DIR}/../countersign-runtime" NO_DEFAULT_PATH)

if(NOT TARGET AWS::aws-lambda-runtime)
  add_library(AWS::aws-lambda-runtime INTERFACE IMPORTED)
  set_target_properties(AWS::aws-lambda-runtime PROPERTIES
    INTERFACE_LINK_LIBRARIES countersign::runtime)
endif()
