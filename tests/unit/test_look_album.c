/* test_look_album.c - a folder of pictures appears whole or not at all. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "look/album.h"
#include "problem.h"
#include "test_data_support.h"
#include "test_run_support.h"

TestSuite(look_album, .init = run_begin, .fini = run_end);

static void make_album(struct album *album)
{
    album_begin(album, "Two <pictures>");
    for (int i = 0; i < 2; i++) {
        struct picture picture;
        cr_assert(picture_create(&picture, 2 + i, 3, 1));
        album_add(album, &picture, i ? "b.png" : "a.png");
        cr_expect_null(picture.samples);
    }
    html_paragraph(&album->page, "text");
}

static int count_files(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

Test(look_album, has_its_page_and_all_pictures)
{
    struct album album;
    struct problem problem = {{0}};
    make_album(&album);
    size_t length;
    mkdir("page", 0700);
    mode_t mask = umask(022);
    cr_assert(album_save(&album, "page", &problem), "%s", problem.text);
    umask(mask);
    struct stat status;
    stat("page", &status);
    cr_expect_eq(status.st_mode & 0777, 0755, "open to others, as any new folder");
    cr_expect_eq(count_files("page"), 3);
    cr_expect_eq(count_files("."), 1, "nothing is left beside it");
    unsigned char *page = run_read("page/index.html", &length), *png = run_read("page/b.png", &length);
    cr_expect(
        strstr((char *)page, "<h1>Two &lt;pictures&gt;</h1>\n<p>text</p>\n</main>\n</body>\n</html>\n"));
    cr_expect_arr_eq(png, "\x89PNG", 4);
    free(page);
    free(png);
    album_release(&album);
}

Test(look_album, a_fault_leaves_nothing)
{
    struct album album;
    struct problem problem = {{0}};
    make_album(&album);
    struct picture none = {0};
    album_add(&album, &none, "c.png");
    mkdir("page", 0777);
    cr_expect_not(album_save(&album, "page", &problem));
    cr_expect_str_eq(problem.text, "page: error: there is no memory for its pictures");
    album_release(&album);

    make_album(&album);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, few;
    getrlimit(RLIMIT_FSIZE, &limit);
    few = limit;
    few.rlim_cur = 80; /* bytes of a file: the page does not fit */
    setrlimit(RLIMIT_FSIZE, &few);
    cr_expect_not(album_save(&album, "page", &problem));
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_expect(strstr(problem.text, "cannot be written: File too large"), "%s", problem.text);
    cr_expect_eq(count_files("page"), 0);
    cr_expect_eq(count_files("."), 1, "nothing is left beside it");
    album_release(&album);

    make_album(&album);
    data_write_text("page/mine", "");
    cr_expect_not(album_save(&album, "page", &problem), "a folder that has become full in the meantime");
    cr_expect_eq(count_files("page"), 1);
    cr_expect_eq(count_files("."), 1);
    album_release(&album);
}
