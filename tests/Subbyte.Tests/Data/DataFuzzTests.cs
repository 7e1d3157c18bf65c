using System.Diagnostics;
using System.Text;
using Subbyte.Data;
using Subbyte.Data.Images;
using Subbyte.Data.Workloads;
using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Tensors;
using Subbyte.Tests.Data.Images;

namespace Subbyte.Tests.Data;

/// <summary>Good files of every format, damaged at random: whatever comes out is data or one line, and memory follows the file.</summary>
public sealed class DataFuzzTests : IDisposable
{
    private const int FewMutants = 250;
    private const int ManyMutants = 2000;
    private const long MostMemory = 80L << 20;
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(5);

    private static readonly uint[] Extremes = [0, 1, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

    private readonly TemporaryFolder _folder = new();

    private static readonly string[] Names =
    [
        "cifar", "cifar.gz", "idx", "idx.gz", "npz", "png", "png.mended", "png.interlaced", "jpeg", "jpeg.progressive", "jpeg.cmyk",
        "set", "csv", "labels.csv", "workload", "models.json",
    ];

    public static TheoryData<string> Formats => [.. Names];

    [SkippableTheory]
    [MemberData(nameof(Formats))]
    public void ADamagedFileGivesDataOrOneLine(string format) => Damage(format, FewMutants, stream: 0);

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Formats))]
    public void ThousandsOfDamagedFilesGiveDataOrOneLine(string format) => Damage(format, ManyMutants, stream: 100);

    private void Damage(string format, int mutants, ulong stream)
    {
        Skip.If(format.StartsWith("jpeg", StringComparison.Ordinal) && TurboJpeg.Default is null, "libturbojpeg is not installed");
        var (good, open) = Format(format);
        open(good);
        var random = new SeededRandom(2026, (ulong)Array.IndexOf(Names, format) + stream);
        for (var mutant = 0; mutant < mutants; mutant++)
        {
            var bytes = Mutate(good, random);
            var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
            try
            {
                open(bytes);
            }
            catch (UserErrorException exception)
            {
                exception.Message.ShouldNotContain('\n');
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{format}, mutant {mutant}: {Convert.ToBase64String(bytes)}", exception);
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostMemory, $"{format}, mutant {mutant}");
            clock.Elapsed.ShouldBeLessThan(LongestTime, $"{format}, mutant {mutant}");
        }
    }

    public void Dispose() => _folder.Dispose();

    private (byte[] Good, Action<byte[]> Open) Format(string format)
    {
        var npz = DataFiles.Npz(("x.npy", DataFiles.Npy("|u1", "(4, 2, 3)", new byte[24])), ("y.npy", DataFiles.Npy("|u1", "(4,)", [0, 1, 2, 3])));
        var set = "file: a.u8\ndtype: u8\nshape: [1, 2, 3]\nlayout: NCHW\nlabels: a.csv\ncolumn: class\nclasses: 4\nscale: 0.5\noffset: 1\n"u8.ToArray();
        var workload = "model: m.onnx\ndata: cifar10:a.bin#test:0-9\ncalibrate: glyphs:size=16#train:0-9/2\npreprocess: order=RGB,mean=1/2/3\nmetric: top1\n"u8.ToArray();
        var csv = "index,name,class\n0,\"a, b\",3\n1,c,2\n"u8.ToArray();
        var photos = "file,class,photo_included,name\nphoto,3,1,\"a, b\"\nphoto,2,1,c\nabsent,2,0,c\n"u8.ToArray();
        var json = "{ \"models\": [ { \"file\": \"a.onnx\", \"preprocessing\": { \"order\": \"RGB\", \"scale\": 0.5, \"mean\": [1, 2, 3], \"std\": [1, 1, 1] } } ] }"u8.ToArray();
        _folder.Write("a.u8", new byte[12]);
        _folder.Write("a.csv", Encoding.UTF8.GetString(csv));
        return format switch
        {
            "cifar" => (DataFiles.Cifar(2), bytes => ReadAll("cifar10", "f.bin", bytes)),
            "cifar.gz" => (TemporaryFolder.Gzip(DataFiles.Cifar(2)), bytes => ReadAll("cifar10", "f.bin", bytes)),
            "idx" => (DataFiles.Idx([3, 4, 5]), bytes => ReadAll("mnist", "f-idx3-ubyte", bytes)),
            "idx.gz" => (TemporaryFolder.Gzip(DataFiles.Idx([3, 4, 5])), bytes => ReadAll("mnist", "f-idx3-ubyte", bytes)),
            "npz" => (npz, bytes => ReadAll("npz", "f.npz", bytes)),
            "set" => (set, bytes => ReadAll("set", "f.yaml", bytes)),
            "png" => (PngFile.Rgb(20, 20, Ramp), ReadPhoto),
            "png.mended" => (new PngFile(20, 20, 4, 3) { Palette = new byte[48] }.Encode((x, y, _) => (x + y) % 16), bytes =>
            {
                // Without right checksums next to no damage would get beyond them.
                PngFile.Mend(bytes);
                ReadPhoto(bytes);
            }
            ),
            "png.interlaced" => (new PngFile(20, 20, 16, 6) { IsInterlaced = true }.Encode(Ramp), bytes =>
            {
                PngFile.Mend(bytes);
                ReadPhoto(bytes);
            }
            ),
            "jpeg" => (JpegFiles.Baseline, ReadPhoto),
            "jpeg.progressive" => (JpegFiles.Progressive, ReadPhoto),
            "jpeg.cmyk" => (JpegFiles.Cmyk, ReadPhoto),
            "labels.csv" => (photos, bytes =>
            {
                _folder.Write("photo", PngFile.Rgb(4, 4, Ramp));
                _folder.Write("labels.csv", bytes);
                ReadAll(DataSpec.Open($"images:{_folder.Path}"), 4);
            }
            ),
            "csv" => (csv, bytes =>
            {
                _folder.Write("a.csv", bytes);
                ReadAll("set", "f.yaml", set);
            }
            ),
            "workload" => (workload, bytes => Workload.Find(_folder.Write("w.yaml", bytes))),
            _ => (json, bytes => Preprocessing.FromModelsJson(_folder.Write("models.json", bytes), "a.onnx")),
        };
    }

    private static int Ramp(int x, int y, int c) => ((x * 11) + (y * 7) + (c * 50)) & 0xff;

    private void ReadPhoto(byte[] bytes)
    {
        _folder.Write("photo", bytes);
        _folder.Write("labels.csv", "file,class\nphoto,1\n");
        ReadAll(DataSpec.Open($"images:{_folder.Path}"), 16);
    }

    private void ReadAll(string kind, string name, byte[] bytes) => ReadAll(DataSpec.Open($"{kind}:{_folder.Write(name, bytes)}"), side: null);

    private static void ReadAll(DataSet data, int? side)
    {
        ISampleSource samples = side is { } pixels ? PreprocessedSamples.Fit(data, Preprocessing.Identity, [3, pixels, pixels], "m") : data;
        var values = new float[ElementTypes.ElementCount(samples.SampleShape)];
        for (var i = 0; i < samples.Count; i++)
        {
            samples.Read(i, values);
            if (data.HasLabels) data.Label(i).ShouldBeInRange(0, data.ClassCount!.Value - 1);
        }
    }

    private static byte[] Mutate(byte[] good, SeededRandom random)
    {
        var bytes = good.ToList();
        for (var edits = 1 + random.Next(4); edits > 0; edits--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(8))
            {
                case 0: bytes.RemoveRange(place, bytes.Count - place); break;
                case 1: bytes[place] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[place] = (byte)random.Next(256); break;
                case 3: bytes[place] = random.Next(2) == 0 ? (byte)0xff : (byte)0; break;
                case 4: bytes.RemoveAt(place); break;
                case 5: SetInteger(bytes, place, random); break;
                case 6: bytes.InsertRange(place, Enumerable.Repeat((byte)random.Next(256), 1 + random.Next(8))); break;
                default: bytes.InsertRange(place, bytes.GetRange(place, random.Next(Math.Min(8, bytes.Count - place) + 1))); break;
            }

            if (bytes.Count == 0) break;
        }

        return [.. bytes];
    }

    /// <summary>An extreme number of 4 bytes, in either byte order: sizes and offsets are such.</summary>
    private static void SetInteger(List<byte> bytes, int place, SeededRandom random)
    {
        var (value, isBig) = (Extremes[random.Next(Extremes.Length)], random.Next(2) == 0);
        for (var i = 0; i < sizeof(uint) && place + i < bytes.Count; i++) bytes[place + i] = (byte)((value >> (8 * (isBig ? 3 - i : i))) & 0xff);
    }
}
