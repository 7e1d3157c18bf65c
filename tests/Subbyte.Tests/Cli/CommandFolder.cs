using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Tests.Data;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Cli;

/// <summary>A folder with a small network that says its preprocessing, and two sets of random pictures in CIFAR-10's format.</summary>
public sealed class CommandFolder : IDisposable
{
    public const int Pictures = 48;

    private readonly TemporaryFolder _folder = new();

    public CommandFolder()
    {
        var random = new Random(1);
        OnnxNetwork.Save(Picture(random, 32) with { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Preprocessing.MetadataKey] = "order=RGB,scale=0.0078125,mean=1/1/1" } }, Model);
        OnnxNetwork.Save(Picture(random, 32), this["bare.onnx"]);
        OnnxNetwork.Save(Picture(random, 16), this["small.onnx"]);
        _folder.Write("test.bin", Records(random));
        _folder.Write("train.bin", Records(random));
    }

    public string Model => this["model.onnx"];

    public string Data => $"cifar10:{this["test.bin"]}";

    public string Calibration => $"cifar10:{this["train.bin"]}";

    public string this[string name] => _folder[name];

    /// <summary>Names of all files, without folders.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.Path, file)).Order(StringComparer.Ordinal);

    public string Write(string name, string text) => _folder.Write(name, text);

    public void Dispose() => _folder.Dispose();

    private static Network Picture(Random random, int size)
    {
        var graph = new GraphBuilder(3, size, size);
        var value = graph.Add("Relu", [graph.Add("Conv", [GraphBuilder.Input, graph.Constant(random.Gaussians(8 * 27, 0.3), 8, 3, 3, 3)], ("strides", new long[] { 2, 2 }))]);
        value = graph.Add("Relu", [graph.Add("Conv", [value, graph.Constant(random.Gaussians(8 * 72, 0.2), 8, 8, 3, 3), graph.Constant(random.Gaussians(8), 8)], ("strides", new long[] { 2, 2 }))]);
        value = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [value])]);
        return graph.Build(graph.Add("Gemm", [value, graph.Constant(random.Gaussians(80), 8, 10)]));
    }

    private static byte[] Records(Random random)
    {
        var records = new byte[Pictures * 3073];
        random.NextBytes(records);
        for (var i = 0; i < Pictures; i++) records[i * 3073] = (byte)random.Next(10);
        return records;
    }
}
