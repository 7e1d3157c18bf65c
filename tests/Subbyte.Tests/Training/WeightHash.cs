using System.Security.Cryptography;
using Subbyte.Networks;

namespace Subbyte.Tests.Training;

internal static class WeightHash
{
    /// <summary>SHA-256 of all constants, in the order of their names.</summary>
    public static string Of(Network network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var constant in network.Constants.OrderBy(constant => constant.Key, StringComparer.Ordinal))
            hash.AppendData(constant.Value.Bytes.Span);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
