#!/usr/bin/perl
# Scenes of clothes: up to three things of Fashion-MNIST at random places of a noisy picture of 48x48, later ones over earlier
# ones, and for each pixel what it shows: 0 the background, 1 a t-shirt, … 10 a boot.
#
#   generate.pl [COUNT [TEST_COUNT]]    ->    train-scenes.idx.gz, train-maps.idx.gz and the same of the test, in this folder
#
# The same counts give the same scenes: numbers come from Park and Miller's generator (1988).
use strict;
use warnings;
use File::Basename qw(dirname);

my $source = '/usr/share/datasets/fashion-mnist';
my ($side, $thing_side, $things_most) = (48, 28, 3);
my $visible = 30;    # of 255: darker pixels of a thing let the background through
my $state = 1;

sub below {
    my ($limit) = @_;
    $state = $state * 48271 % 2147483647;
    return int($state / 2147483647 * $limit);
}

# The bytes of an IDX file behind its header.
sub read_idx {
    my ($name, $rank) = @_;
    open my $file, '-|', 'gzip', '-dc', "$source/$name" or die "gzip: $!\n";
    binmode $file;
    local $/;
    my $bytes = <$file>;
    close $file and length $bytes > 4 + 4 * $rank or die "$source/$name cannot be read; is dataset-fashion-mnist installed?\n";
    return substr $bytes, 4 + 4 * $rank;
}

sub write_idx {
    my ($name, $count, $bytes) = @_;
    my $path = dirname($0) . "/$name";
    open my $file, '|-', "gzip -n9 > '$path'" or die "gzip: $!\n";
    binmode $file;
    print $file pack('CCCCN3', 0, 0, 8, 3, $count, $side, $side), $bytes;
    close $file or die "$path cannot be written\n";
    print "$path: $count pictures of ${side}x$side\n";
}

sub make_scene {
    my ($images, $labels) = @_;
    my @scene = map { below(48) } 1 .. $side * $side;
    my @map = (0) x ($side * $side);
    for (0 .. below($things_most)) {
        my $number = below(length $labels);
        my $class = 1 + ord substr $labels, $number, 1;
        my @thing = unpack 'C*', substr $images, $number * $thing_side**2, $thing_side**2;
        my $corner = below($side - $thing_side + 1) * $side + below($side - $thing_side + 1);
        for my $y (0 .. $thing_side - 1) {
            for my $x (0 .. $thing_side - 1) {
                my $value = $thing[$y * $thing_side + $x];
                next if $value < $visible;
                $scene[$corner + $y * $side + $x] = $value;
                $map[$corner + $y * $side + $x] = $class;
            }
        }
    }
    return (pack('C*', @scene), pack('C*', @map));
}

sub make_split {
    my ($name, $prefix, $count) = @_;
    my $images = read_idx("$prefix-images-idx3-ubyte.gz", 3);
    my $labels = read_idx("$prefix-labels-idx1-ubyte.gz", 1);
    my ($scenes, $maps) = ('', '');
    for (1 .. $count) {
        my ($scene, $map) = make_scene($images, $labels);
        $scenes .= $scene;
        $maps .= $map;
    }
    write_idx("$name-scenes.idx.gz", $count, $scenes);
    write_idx("$name-maps.idx.gz", $count, $maps);
}

my ($count, $test_count) = ($ARGV[0] // 12000, $ARGV[1] // 2000);
make_split('train', 'train', $count);
make_split('test', 't10k', $test_count);
