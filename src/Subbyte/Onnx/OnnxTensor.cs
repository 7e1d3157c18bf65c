using Google.Protobuf;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;

namespace Subbyte.Onnx;

/// <summary>Reads files that hold one serialized <c>TensorProto</c>, as ONNX's test data do.</summary>
public static class OnnxTensor
{
    /// <summary>Reads a tensor. Infinities and NaN are kept.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The tensor and its name, which may be empty.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, is damaged, or has an element type that is not supported.</exception>
    public static (string Name, Tensor Tensor) Load(string path)
    {
        try
        {
            var proto = TensorProto.Parser.ParseFrom(File.ReadAllBytes(path));
            return (proto.Name, new TensorReader(path, Path.GetDirectoryName(Path.GetFullPath(path))).Read(proto, mayBeNaN: true));
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new UserErrorException($"{path}: is not a serialized tensor or is damaged: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be read: {failure.Message}", failure);
        }
    }
}
