using System.Security.Cryptography;
using Subbyte.Networks;
using Subbyte.Runtime;

namespace Subbyte.Experiments;

/// <summary>A packed network's file as the tool sees it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Bytes">Bytes of the file.</param>
/// <param name="Network">The network.</param>
public sealed record PackedModel(string Path, string Sha256, long Bytes, PackedNetwork Network)
{
    /// <summary>End of the names of such files.</summary>
    public const string Extension = ".subbyte";

    /// <summary>Key of the recipe among the texts of a file.</summary>
    public const string RecipeKey = "subbyte.recipe";

    /// <summary>Whether a path names such a file.</summary>
    /// <param name="path">A path.</param>
    /// <returns>True when its name ends so.</returns>
    public static bool IsOne(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The model.</returns>
    /// <exception cref="UserErrorException">It cannot be read, or is not what its format says.</exception>
    public static PackedModel Load(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return new PackedModel(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, PackedNetwork.Read(bytes));
        }
        catch (Exception failure) when (failure is PackedFormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{path}: {failure.Message}", failure);
        }
    }

    /// <summary>Opens a session.</summary>
    /// <param name="options">How it runs.</param>
    /// <returns>The session.</returns>
    /// <exception cref="UserErrorException">The network takes too much memory.</exception>
    public SubbyteSession Open(SessionOptions options)
    {
        try
        {
            return new SubbyteSession(Network, options);
        }
        catch (PackedFormatException failure)
        {
            throw new UserErrorException($"{Path}: {failure.Message}", failure);
        }
    }

    /// <summary>How raw values become inputs.</summary>
    /// <param name="given">What the command line says, or null.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="UserErrorException">Neither the command line nor the file says.</exception>
    public Preprocessing Preprocessing(string? given)
    {
        if ((given ?? Network.Metadata.GetValueOrDefault(Networks.Preprocessing.MetadataKey)) is { } text) return Networks.Preprocessing.Parse(text);
        throw new UserErrorException($"{Path}: how raw values become inputs is not known; give --preprocess \"order=RGB,scale=…,mean=…,std=…\"");
    }
}
