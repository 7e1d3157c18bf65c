using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments;

/// <summary>Whether samples fit a network's input.</summary>
internal static class SampleShapes
{
    /// <summary>Refuses samples of another shape; dimensions of 1 may differ in number.</summary>
    /// <param name="input">The network's input.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="network">Name of the network.</param>
    /// <exception cref="UserErrorException">The shapes differ.</exception>
    public static void Check(TensorType input, ISampleSource samples, string network)
    {
        var wanted = input.Dimensions[1..].ToArray();
        var given = samples.SampleShape.ToArray();
        if (!wanted.Where(size => size != 1).SequenceEqual(given.Where(size => size != 1)))
            throw new UserErrorException($"the data do not fit the network: '{network}' takes samples of shape [{string.Join(",", wanted)}], the data set has [{string.Join(",", given)}]");
    }
}
