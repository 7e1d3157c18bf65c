using Subbyte.Data.Images.Png;

namespace Subbyte.Tests.Data.Images;

public sealed class PngDecoderTests
{
    public static TheoryData<int, int, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, bool>();
            foreach (var (color, depths) in new (int, int[])[] { (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
                foreach (var depth in depths)
                    foreach (var interlaced in new[] { false, true }) kinds.Add(color, depth, interlaced);
            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryKindIsDecoded(int color, int depth, bool interlaced)
    {
        foreach (var (width, height) in new[] { (1, 1), (3, 2), (9, 11), (33, 17) })
        {
            var random = new Random((color * 100) + depth + width);
            var palette = new byte[color == 3 ? 3 << depth : 0];
            random.NextBytes(palette);
            var file = new PngFile(width, height, depth, color) { IsInterlaced = interlaced, Palette = palette };
            var samples = new int[height, width, file.Channels];
            for (var i = 0; i < samples.Length; i++) samples[i / file.Channels / width, i / file.Channels % width, i % file.Channels] = random.Next(1 << depth);

            using var image = PngDecoder.Decode("a.png", file.Encode((x, y, c) => samples[y, x, c]));

            (image.Width, image.Height).ShouldBe((width, height));
            for (var i = 0; i < image.Pixels.Length; i++)
            {
                var (y, x, c) = (i / 3 / width, i / 3 % width, i % 3);
                var sample = samples[y, x, file.Channels < 3 ? 0 : c];
                var expected = color == 3 ? palette[(sample * 3) + c] : depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1);
                ((int)image.Pixels[i]).ShouldBe(expected, $"{width} x {height}, column {x}, row {y}, channel {c}");
            }
        }
    }

    [Fact]
    public void EveryFilterOnTheFirstAndOnLaterRowsIsUndone()
    {
        foreach (var filter in Enumerable.Range(0, 5))
        {
            var file = new PngFile(7, 6, 8, 2) { Filter = _ => filter };
            using var image = PngDecoder.Decode("a.png", file.Encode((x, y, c) => ((x * 37) + (y * 59) + (c * 83)) & 0xff));
            ((int)image.Pixels[(((5 * 7) + 6) * 3) + 2]).ShouldBe(((6 * 37) + (5 * 59) + (2 * 83)) & 0xff);
        }
    }

    [Fact]
    public void DamageIsNamed()
    {
        var good = PngFile.Rgb(4, 4, (x, y, c) => x + y + c);
        Refused(good[..^12], "truncated");
        Refused(good[..40], "truncated");
        Refused(Changed(good, good.Length - 20), "checksum");
        var header = new PngFile(4, 4, 8, 2).Header();
        var end = PngFile.Chunk("IEND", []);
        Refused(PngFile.Join(end), "IHDR");
        Refused(PngFile.Join(header, header, end), "second IHDR");
        Refused(PngFile.Join(new PngFile(4, 4, 3, 2).Header(), end), "colour type 2 with 3 bits");
        Refused(PngFile.Join(header, PngFile.Chunk("ABCD", [1]), end), "unknown chunk");
        Refused(PngFile.Join([header, .. PngFile.Packed(new byte[20]), end]), "truncated");
        Refused(PngFile.Join(header, PngFile.Chunk("IDAT", [1, 2, 3, 4]), end), "cannot be decoded");
        Refused(PngFile.Join([header, .. PngFile.Packed([.. Enumerable.Repeat((byte)9, 52)]), end]), "filter 9");
        Refused(new PngFile(2, 2, 8, 3) { Palette = [1, 2, 3] }.Encode((_, _, _) => 1), "colour 1 of a palette of 1");
    }

    [Theory]
    [InlineData(1 << 15, 1)]
    [InlineData(1 << 14, 1 << 14)]
    [InlineData(0, 4)]
    [InlineData(-1, -1)]
    public void ASizeBeyondTheLimitsIsRefusedOnTheHeader(int width, int height)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(PngFile.Join(new PngFile(width, height, 8, 2).Header(), PngFile.Chunk("IEND", [])), "header says");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void ABombTakesNoMoreThanItDeclares()
    {
        var rows = PngFile.Packed(new byte[64 << 20]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        // A million times what the header speaks of: read as far as the header goes.
        using (PngDecoder.Decode("bomb.png", PngFile.Join([new PngFile(4, 4, 8, 2).Header(), .. rows, PngFile.Chunk("IEND", [])])))
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
        // A header that promises what no deflate stream of this length holds.
        Refused(PngFile.Join([new PngFile(5000, 5000, 8, 2).Header(), .. PngFile.Packed(new byte[100]), PngFile.Chunk("IEND", [])]), "cannot hold");
    }

    private static byte[] Changed(byte[] file, int place)
    {
        var copy = file.ToArray();
        copy[place] ^= 0xff;
        return copy;
    }

    private static void Refused(byte[] file, string text)
    {
        var message = Should.Throw<UserErrorException>(() => PngDecoder.Decode("bad.png", file)).Message;
        message.ShouldStartWith("bad.png: ");
        message.ShouldContain(text);
    }
}
