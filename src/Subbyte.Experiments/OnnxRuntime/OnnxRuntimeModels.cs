using System.Text.Json;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Tensors;

namespace Subbyte.Experiments;

/// <summary>What ONNX Runtime made of a model.</summary>
/// <param name="Outputs">The outputs, or null when it refused the model.</param>
/// <param name="Error">Why it refused, or null.</param>
internal sealed record OnnxRuntimeResult(IReadOnlyList<Tensor>? Outputs, string? Error);

/// <summary>Many small models and their inputs for one process of ONNX Runtime, in a folder: a line of JSON each, all bytes in one file beside them.</summary>
internal sealed class OnnxRuntimeModels : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly StreamWriter _lines;
    private readonly FileStream _bytes;

    /// <summary>Starts a batch.</summary>
    /// <param name="folder">An empty folder.</param>
    public OnnxRuntimeModels(string folder)
    {
        Folder = folder;
        _lines = new StreamWriter(Path.Combine(folder, "models.jsonl")) { NewLine = "\n" };
        _bytes = File.Create(Path.Combine(folder, "models.bin"));
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Models added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a model.</summary>
    /// <param name="network">The model.</param>
    /// <param name="inputs">Its inputs by name.</param>
    /// <returns>Its number.</returns>
    public int Add(Network network, IReadOnlyDictionary<string, Tensor> inputs)
    {
        using var model = new MemoryStream();
        OnnxNetwork.Write(network, model);
        var line = new ModelLine(Append(model.GetBuffer().AsSpan(0, (int)model.Length)), [.. inputs.Select(input => Line(input.Key, input.Value))]);
        _lines.WriteLine(JsonSerializer.Serialize(line, Json));
        return Count++;
    }

    /// <summary>Ends the batch: what was added is on disk.</summary>
    public void Dispose()
    {
        _lines.Dispose();
        _bytes.Dispose();
    }

    /// <summary>Reads the results that ONNX Runtime left in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>One result a model, in the order in which they were added.</returns>
    public static IReadOnlyList<OnnxRuntimeResult> ReadResults(string folder)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, "results.bin"));
        return [.. File.ReadLines(Path.Combine(folder, "results.jsonl")).Select(line => Result(JsonSerializer.Deserialize<ResultLine>(line, Json)!, bytes))];
    }

    private static OnnxRuntimeResult Result(ResultLine line, byte[] bytes)
        => new(line.Outputs?.Select(output => new Tensor(TypeOf(output.Type), output.Dims, bytes.AsSpan((int)output.Data[0], (int)output.Data[1]).ToArray())).ToArray(), line.Error);

    private TensorLine Line(string name, Tensor tensor) => new(name, NameOf(tensor.ElementType), tensor.Dimensions.ToArray(), Append(tensor.Bytes.Span));

    private long[] Append(ReadOnlySpan<byte> bytes)
    {
        var offset = _bytes.Position;
        _bytes.Write(bytes);
        return [offset, bytes.Length];
    }

    // ONNX Runtime's names of the types are ours in lower case, but for this one.
    private static string NameOf(ElementType type) => type == ElementType.Boolean ? "bool" : type.ToString().ToLowerInvariant();

    private static ElementType TypeOf(string name) => name == "bool" ? ElementType.Boolean : Enum.Parse<ElementType>(name, ignoreCase: true);

    private sealed record ModelLine(long[] Model, TensorLine[] Inputs);

    private sealed record TensorLine(string? Name, string Type, int[] Dims, long[] Data);

    private sealed record ResultLine(TensorLine[]? Outputs, string? Error);
}
