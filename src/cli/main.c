#include <stdio.h>

int main(void)
{
    (void)puts("assay " ASSAY_VERSION);
    return 0;
}
