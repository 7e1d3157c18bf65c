using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Packing;
using Subbyte.Tests.Networks;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>Small packed networks, which together have every kind of step and every format.</summary>
internal static class SampleNetworks
{
    private static readonly string[] Recipes = ["fp32", "int8", "int4:layers=*", "uniform:w=2,a=8,layers=*", "log:bits=4,layers=*", "tr:group=8,budget=12,layers=*", "bit-split:w=3,a=4,layers=*", "uniform:w=4,a=16,layers=*", "sparq:layers=*", "uniform:w=4,a=8,group=32,layers=*", "fxp:bits=16,layers=*"];

    /// <summary>Files of drawn networks.</summary>
    public static IEnumerable<byte[]> Files(int count)
    {
        for (var seed = 0; count > 0; seed++)
        {
            var random = new Random(seed);
            var isWords = seed % 8 == 7;
            var network = (seed % 4) switch { 0 or 2 => RandomNetwork.Draw(random), 1 => RandomProduct.Draw(random).Network, _ => isWords ? RecurrentNetworks.OfWords(random) : RecurrentNetworks.OfSequences(random) };
            byte[] file;
            try
            {
                var samples = isWords ? RecurrentNetworks.Words(network, random, 2) : RandomNetwork.Samples(network, random, 2);
                var lowBit = Recipe.Parse(Recipes[seed % Recipes.Length]).Apply(network, new Calibrator(samples, 2));
                lowBit = (seed % 4) switch
                {
                    1 => BitPlanes.In(lowBit, random),
                    2 => Levels.In(lowBit, random),
                    3 => JoinedProducts.In(lowBit, random),
                    _ => lowBit,
                };
                file = NetworkPacker.Pack(lowBit, new Dictionary<string, string>(StringComparer.Ordinal) { ["key"] = "text" }).ToFile();
            }
            catch (UserErrorException)
            {
                // A node that does not pack.
                continue;
            }

            count--;
            yield return file;
        }
    }
}
