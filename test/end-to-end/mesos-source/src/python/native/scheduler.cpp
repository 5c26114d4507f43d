#include <map>
#include <string>

// As code was written before GCC 5: an error without -fpermissive, and a warning that -Werror makes one without -w.
static const char* narrow(const std::string& name)
{
  int address = (int) name.c_str();
  char* constant = "driver";
  return constant;
}

extern "C" int drivers(void)
{
  std::map<std::string, int> known = {{narrow("scheduler"), 1}, {"executor", 2}};
  auto count = known.size();
  return (int) count;
}
