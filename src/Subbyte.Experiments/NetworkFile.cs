using Subbyte.Data.Npz;
using Subbyte.Networks;
using Subbyte.Networks.Imports;
using Subbyte.Onnx;

namespace Subbyte.Experiments;

/// <summary>Reads a network from any file that can hold one.</summary>
public static class NetworkFile
{
    /// <summary>Reads a network: ONNX, or a word language model's arrays in a NumPy archive (<c>.npz</c>).</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The network.</returns>
    /// <exception cref="UserErrorException">The file is absent, damaged, or not a network that can be represented.</exception>
    public static Network Load(string path)
        => path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase)
            ? WordLanguageModel.Create(Path.GetFileNameWithoutExtension(path), NpzArchive.ReadAll(path))
            : OnnxNetwork.Load(path);
}
