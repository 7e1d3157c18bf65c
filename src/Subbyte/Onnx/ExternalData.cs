using System.Globalization;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;

namespace Subbyte.Onnx;

/// <summary>A file of weights beside a model.</summary>
/// <param name="path">Path of the file.</param>
internal sealed class ExternalData(string path)
{
    // Readers map pages of the file; small tensors (shapes, scales) stay in the model, where tools look for them.
    private const int Alignment = 4096;
    private const int SmallestTensor = 1024;

    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);

    /// <summary>Path of the file.</summary>
    public string Path => path;

    /// <summary>Writes the weights and remembers where they are.</summary>
    /// <param name="constants">Tensors by name.</param>
    /// <param name="stream">Takes the bytes.</param>
    public void Write(IReadOnlyDictionary<string, Tensor> constants, Stream stream)
    {
        var padding = new byte[Alignment];
        long offset = 0;
        foreach (var (name, tensor) in constants.Where(constant => constant.Value.Bytes.Length >= SmallestTensor))
        {
            _offsets[name] = offset;
            stream.Write(tensor.Bytes.Span);
            var gap = (Alignment - (tensor.Bytes.Length % Alignment)) % Alignment;
            stream.Write(padding, 0, gap);
            offset += tensor.Bytes.Length + gap;
        }
    }

    /// <summary>The message of a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The message, with the data's place in the file, or the data of a small one.</returns>
    public TensorProto Tensor(string name, Tensor tensor)
    {
        if (!_offsets.TryGetValue(name, out var offset)) return OnnxWriter.Tensor(name, tensor);
        var proto = new TensorProto { Name = name, DataType = (int)tensor.ElementType, DataLocation = TensorProto.Types.DataLocation.External };
        foreach (var dimension in tensor.Dimensions) proto.Dims.Add(dimension);
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = System.IO.Path.GetFileName(path) });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = tensor.Bytes.Length.ToString(CultureInfo.InvariantCulture) });
        return proto;
    }
}
