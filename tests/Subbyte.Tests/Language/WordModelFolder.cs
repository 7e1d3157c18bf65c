using Subbyte.Networks;
using Subbyte.Networks.Imports;
using Subbyte.Tensors;
using Subbyte.Tests.Data;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Language;

/// <summary>A folder with a small word language model, its vocabulary and two texts.</summary>
internal sealed class WordModelFolder : IDisposable
{
    public const int Words = 13;
    public const int Hidden = 6;
    public const int Layers = 2;

    private readonly TemporaryFolder _folder = new();

    public WordModelFolder()
    {
        var random = new Random(3);
        Arrays = Draw(random);
        _folder.Write("lstm.npz", DataFiles.Npz([.. Arrays.Select(array => (array.Key + ".npy", DataFiles.Npy("<f4", $"({string.Join(", ", array.Value.Dimensions.ToArray())},)", array.Value.Bytes.ToArray())))]));
        _folder.Write("lstm.vocab.txt", "<unk>\n<eos>\n" + string.Concat(Enumerable.Range(2, Words - 2).Select(word => $"w{word}\n")));
        _folder.Write("wiki.valid.tokens", Text(random, 40));
        _folder.Write("wiki.test.tokens", Text(random, 60));
    }

    public Dictionary<string, Tensor> Arrays { get; }

    public Network Network => WordLanguageModel.Create("lstm", Arrays);

    public string Model => _folder["lstm.npz"];

    public string Data => $"wikitext:{_folder.Path},streams=4#valid";

    public string Calibration => $"wikitext:{_folder.Path},streams=4#test";

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, Tensor> Draw(Random random)
    {
        var arrays = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["emb.weight"] = Tensor.Of<float>(random.Gaussians(Words * Hidden), Words, Hidden),
            ["bias"] = Tensor.Of<float>(random.Gaussians(Words)),
        };
        for (var layer = 0; layer < Layers; layer++)
        {
            foreach (var kind in new[] { "ih", "hh" })
            {
                arrays[$"rnn.weight_{kind}_l{layer}"] = Tensor.Of<float>(random.Gaussians(4 * Hidden * Hidden, 0.5), 4 * Hidden, Hidden);
                arrays[$"rnn.bias_{kind}_l{layer}"] = Tensor.Of<float>(random.Gaussians(4 * Hidden, 0.5));
            }
        }

        return arrays;
    }

    private static string Text(Random random, int lines)
        => string.Concat(Enumerable.Range(0, lines).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(8)).Select(_ => $"w{random.Next(2, Words + 2)}")) + "\n"));

    /// <summary>The model in double precision, word by word, from its definition.</summary>
    public sealed class Reference(IReadOnlyDictionary<string, Tensor> arrays)
    {
        private readonly double[][] _h = [.. Enumerable.Range(0, Layers).Select(_ => new double[Hidden])];
        private readonly double[][] _c = [.. Enumerable.Range(0, Layers).Select(_ => new double[Hidden])];

        public double[] Next(int word)
        {
            var x = Row("emb.weight", word);
            for (var layer = 0; layer < Layers; layer++)
            {
                var gates = new double[4 * Hidden];
                for (var row = 0; row < gates.Length; row++)
                    gates[row] = Dot($"rnn.weight_ih_l{layer}", row, x) + Of($"rnn.bias_ih_l{layer}", row) + Dot($"rnn.weight_hh_l{layer}", row, _h[layer]) + Of($"rnn.bias_hh_l{layer}", row);
                for (var k = 0; k < Hidden; k++)
                {
                    _c[layer][k] = (Sigmoid(gates[Hidden + k]) * _c[layer][k]) + (Sigmoid(gates[k]) * Math.Tanh(gates[(2 * Hidden) + k]));
                    _h[layer][k] = Sigmoid(gates[(3 * Hidden) + k]) * Math.Tanh(_c[layer][k]);
                }

                x = _h[layer];
            }

            return [.. Enumerable.Range(0, Words).Select(other => Dot("emb.weight", other, x) + Of("bias", other))];
        }

        private double Of(string name, int index) => arrays[name].AsSpan<float>()[index];

        private double[] Row(string name, int row) => [.. arrays[name].AsSpan<float>().Slice(row * Hidden, Hidden).ToArray().Select(value => (double)value)];

        private double Dot(string name, int row, double[] x) => Row(name, row).Zip(x).Sum(pair => pair.First * pair.Second);

        private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }
}
