using Subbyte.Data.Images;

namespace Subbyte.Tests.Data.Images;

public sealed class JpegTests
{
    [SkippableFact]
    public void BaselineAndProgressiveFilesAreDecoded()
    {
        foreach (var (file, tolerance) in new[] { (JpegFiles.Baseline, 30), (JpegFiles.Progressive, 8) })
        {
            using var image = Decode(file);
            (image.Width, image.Height).ShouldBe((17, 9));
            for (var i = 0; i < image.Pixels.Length; i++)
            {
                var (x, y, c) = (i / 3 % 17, i / 3 / 17, i % 3);
                ((int)image.Pixels[i]).ShouldBeInRange(Expected(x, y, c) - tolerance, Expected(x, y, c) + tolerance, $"column {x}, row {y}, channel {c}");
            }
        }
    }

    [SkippableFact]
    public void InksBecomeColours()
    {
        using var image = Decode(JpegFiles.Cmyk);
        image.Pixels.Length.ShouldBe(8 * 8 * 3);
        for (var i = 0; i < image.Pixels.Length; i++) ((int)image.Pixels[i]).ShouldBeInRange(new[] { 200, 100, 0 }[i % 3] - 3, new[] { 200, 100, 0 }[i % 3] + 3);
    }

    [SkippableFact]
    public void DamageIsNamed()
    {
        Refused(JpegFiles.Baseline[..^40], "Premature end");
        Refused(JpegFiles.Baseline[..100], "cannot be decoded as JPEG");
        Refused([0xff, 0xd8, 0xff], "cannot be decoded as JPEG");
    }

    [SkippableFact]
    public void ASizeThatTheFileCannotHoldIsRefusedOnTheHeader()
    {
        foreach (var (side, text) in new[] { (0x3fff, "header says 16383 x 16383"), (0x1000, "bytes cannot hold") })
        {
            var file = JpegFiles.Baseline;
            var frame = file.AsSpan().IndexOf(new byte[] { 0xff, 0xc0 }) + 5;
            (file[frame], file[frame + 1], file[frame + 2], file[frame + 3]) = ((byte)(side >> 8), (byte)(side & 0xff), (byte)(side >> 8), (byte)(side & 0xff));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Refused(file, text);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
        }
    }

    [SkippableFact]
    public void BytesBetweenSegmentsDoNoHarm()
    {
        var file = JpegFiles.Baseline;
        using var image = Decode([.. file[..^2], 1, 2, 3, .. file[^2..]]);
        using var whole = Decode(file);
        image.Pixels.SequenceEqual(whole.Pixels).ShouldBeTrue();
    }

    private static int Expected(int x, int y, int c) => c switch { 0 => x * 15, 1 => y * 28, _ => 128 };

    private static PixelImage Decode(byte[] file)
    {
        Skip.If(TurboJpeg.Default is null, "libturbojpeg is not installed");
        return TurboJpeg.Default!.Decode("a.jpg", file);
    }

    private static void Refused(byte[] file, string text)
    {
        Skip.If(TurboJpeg.Default is null, "libturbojpeg is not installed");
        var message = Should.Throw<UserErrorException>(() => Decode(file)).Message;
        message.ShouldStartWith("a.jpg: ");
        message.ShouldContain(text);
    }
}
