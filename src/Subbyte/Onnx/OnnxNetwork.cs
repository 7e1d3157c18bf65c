using Subbyte.Networks;

namespace Subbyte.Onnx;

/// <summary>Reads and writes ONNX files.</summary>
public static class OnnxNetwork
{
    /// <summary>Reads a network. Model-local functions are inlined; external data must lie in the model's folder or below it.</summary>
    /// <param name="path">Path of the <c>.onnx</c> file.</param>
    /// <returns>The network.</returns>
    /// <exception cref="UserErrorException">The file is absent, damaged, or not a network that can be represented.</exception>
    public static Network Load(string path)
    {
        if (Directory.Exists(path)) throw new UserErrorException($"{path}: is a folder, not an ONNX file");
        if (!File.Exists(path)) throw new UserErrorException($"{path}: there is no such file");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be read: {failure.Message}", failure);
        }

        return Parse(bytes, path, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>Reads a network from memory.</summary>
    /// <param name="bytes">The bytes of an ONNX file.</param>
    /// <param name="name">Name for messages.</param>
    /// <param name="folder">Folder of external data, or null when there may be none.</param>
    /// <returns>The network.</returns>
    /// <exception cref="UserErrorException">The bytes are damaged, or not a network that can be represented.</exception>
    public static Network Parse(byte[] bytes, string name, string? folder = null) => new OnnxReader(name, folder).Read(bytes);

    /// <summary>Writes a network: to a temporary name first, so that a failure leaves nothing under <paramref name="path"/>. Weights of nearly 2 GiB and more go to a second file, named like the first with <c>.data</c> behind it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void Save(Network network, string path) => OnnxWriter.Save(network, [], path);

    /// <summary>Writes a network to a stream.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">Takes the bytes of the file.</param>
    public static void Write(Network network, Stream stream) => OnnxWriter.Write(network, stream);
}
