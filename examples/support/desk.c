/* What the desk is made of, and what everything else here needs. */

#include "desk.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

const struct kind_of_work kinds[kind_count] = {
    [billing] = {"Billing", 120, 90},
    [technical] = {"Technical", 300, 160},
    [returns] = {"Returns", 180, 60},
};

const char *const teams[team_count] = {"Amber", "Birch", "Cedar", "Dune", "Ember", "Fjord"};

/* Invented, and unlike each other, so that a name that leaks is seen at once. */
const char *const names[agent_count] = {
    "Adaeze Nwosu",     "Aleksander Lis",   "Amélie Rousseau",   "Anika Bergström",
    "Arash Farahani",   "Beatriz Coelho",   "Bram Vandersteen",  "Camila Quiroga",
    "Cillian Brophy",   "Dalia Haddad",     "Deniz Yıldırım",    "Dieter Kranz",
    "Efua Boateng",     "Elin Sandvik",     "Emeka Obi",         "Esther Lindqvist",
    "Farid Rahimi",     "Fiona Gallacher",  "Gaspard Lemoine",   "Giulia Ferrante",
    "Hana Dvořáková",   "Haruki Onishi",    "Idris Bello",       "Ines Carvalho",
    "Ingrid Halvorsen", "Jonas Achterberg", "Joana Pires",       "Kaito Morishita",
    "Katarzyna Wójcik", "Kwame Asante",     "Leila Mansouri",    "Levente Szabó",
    "Lucía Armendáriz", "Łukasz Zieliński", "Maeve Tiernan",     "Malik Diallo",
    "Marta Kowalczuk",  "Mateo Villalba",   "Mei-Ling Chou",     "Milan Petrović",
    "Nadia Benali",     "Nils Overgaard",   "Noor van Dijk",     "Oluwaseun Adeyemi",
    "Oskar Nyberg",     "Paloma Iglesias",  "Priya Raghunathan", "Quentin Marchal",
    "Rafaela Monteiro", "Rohan Deshpande",  "Saoirse Kinsella",  "Selma Hodžić",
    "Siobhán Devlin",   "Tariq Nasser",     "Thandiwe Mokoena",  "Tomasz Grabowski",
    "Ulrike Seidel",    "Viktor Halász",    "Yasmin El-Sayed",   "Zoë Papadakis",
};

void stop(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("support-desk: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

void *memory(void *old, size_t count, size_t size)
{
    void *grown = realloc(old, (count + 1) * size);
    if (grown == NULL)
        stop("out of memory");
    return grown;
}

bool chance(struct desk *desk, double probability)
{
    return random_uniform(&desk->random) < probability;
}

/* The share of their time that tickets using AI are spared, so that the arms, used as they are,
   differ by by_assignment: (1 - given e) / (1 - not e) = 1 + by_assignment. */
double use_effect(void)
{
    return -by_assignment / (uses_if_given - uses_if_not * (1 + by_assignment));
}

double mean_minutes(enum kind kind)
{
    return kinds[kind].median_minutes * exp(time_variance / 2);
}
