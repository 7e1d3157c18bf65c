using System.Text;
using Subbyte.Data;
using Subbyte.Data.Workloads;
using Subbyte.Kernels;
using Subbyte.Networks;

namespace Subbyte.Tests.Data;

/// <summary>Good files of every format, damaged at random: whatever comes out is data or one line, and memory follows the file.</summary>
public sealed class DataFuzzTests : IDisposable
{
    private const int Mutants = 250;
    private const long MostMemory = 80L << 20;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Formats => ["cifar", "cifar.gz", "idx", "idx.gz", "npz", "set", "csv", "workload", "models.json"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void ADamagedFileGivesDataOrOneLine(string format)
    {
        var (good, open) = Format(format);
        open(good);
        var random = new SeededRandom(2026, (ulong)format.Length);
        for (var mutant = 0; mutant < Mutants; mutant++)
        {
            var bytes = Mutate(good, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
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
        }
    }

    public void Dispose() => _folder.Dispose();

    private (byte[] Good, Action<byte[]> Open) Format(string format)
    {
        var npz = DataFiles.Npz(("x.npy", DataFiles.Npy("|u1", "(4, 2, 3)", new byte[24])), ("y.npy", DataFiles.Npy("|u1", "(4,)", [0, 1, 2, 3])));
        var set = "file: a.u8\ndtype: u8\nshape: [1, 2, 3]\nlayout: NCHW\nlabels: a.csv\ncolumn: class\nclasses: 4\nscale: 0.5\noffset: 1\n"u8.ToArray();
        var workload = "model: m.onnx\ndata: cifar10:a.bin#test:0-9\ncalibrate: glyphs:size=16#train:0-9/2\npreprocess: order=RGB,mean=1/2/3\nmetric: top1\n"u8.ToArray();
        var csv = "index,name,class\n0,\"a, b\",3\n1,c,2\n"u8.ToArray();
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

    private void ReadAll(string kind, string name, byte[] bytes)
    {
        var data = DataSpec.Open($"{kind}:{_folder.Write(name, bytes)}");
        var values = new float[data.SampleLength];
        for (var i = 0; i < data.Count; i++)
        {
            data.Read(i, values);
            if (data.HasLabels) data.Label(i).ShouldBeInRange(0, data.ClassCount!.Value - 1);
        }
    }

    private static byte[] Mutate(byte[] good, SeededRandom random)
    {
        var bytes = good.ToList();
        for (var edits = 1 + random.Next(4); edits > 0; edits--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes.RemoveRange(place, bytes.Count - place); break;
                case 1: bytes[place] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[place] = (byte)random.Next(256); break;
                case 3: bytes[place] = random.Next(2) == 0 ? (byte)0xff : (byte)0; break;
                case 4: bytes.RemoveAt(place); break;
                default: bytes.InsertRange(place, bytes.GetRange(place, random.Next(Math.Min(8, bytes.Count - place) + 1))); break;
            }

            if (bytes.Count == 0) break;
        }

        return [.. bytes];
    }
}
