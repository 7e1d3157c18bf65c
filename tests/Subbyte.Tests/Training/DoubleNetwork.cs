using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Training;

/// <summary>
/// The loss of a network in double precision, written as plainly as possible: what finite differences are taken of. Values are
/// [sample][channel][row][column] as in ONNX; batch normalization uses the statistics of the batch.
/// </summary>
internal sealed partial class DoubleNetwork(Network network)
{
    private readonly Dictionary<string, double[]> _constants = network.Constants.Where(constant => constant.Value.ElementType == ElementType.Float32).ToDictionary(
        constant => constant.Key, constant => constant.Value.AsSpan<float>().ToArray().Select(value => (double)value).ToArray(), StringComparer.Ordinal);

    public double[] Constant(string name) => _constants[name];

    public double Loss(double[] input, int[] labels, double smoothing)
    {
        var logits = Logits(input, labels.Length);
        var classes = logits.Length / labels.Length;
        double loss = 0;
        for (var n = 0; n < labels.Length; n++)
        {
            var z = logits.AsSpan(n * classes, classes).ToArray();
            var sum = Math.Log(z.Sum(Math.Exp));
            for (var i = 0; i < classes; i++)
                loss += ((smoothing / classes) + (i == labels[n] ? 1 - smoothing : 0)) * (sum - z[i]);
        }

        return loss / labels.Length;
    }

    public double[] Logits(double[] input, int samples)
    {
        int[] shape = [samples, .. network.Inputs[0].Shape.Skip(1).Select(dimension => dimension.Size!.Value)];
        var values = new Dictionary<string, Map>(StringComparer.Ordinal) { [network.Inputs[0].Name] = new Map(input, shape) };
        foreach (var node in network.Nodes)
            values[node.Outputs[0]] = Run(node, values);
        return values[network.Outputs[0].Name].Data;
    }

    private Map Run(Node node, Dictionary<string, Map> values)
    {
        var x = values[node.Inputs[0]];
        // Windows over one dimension are those over a map of one row.
        if (x.Shape.Length == 3 && node.OpType is ("Conv" or "MaxPool")) return Flat(Run(Wide(node), new Dictionary<string, Map>(values) { [node.Inputs[0]] = x with { Shape = [x.Shape[0], x.Shape[1], 1, x.Shape[2]] } }));
        if (Function(node) is { } function) return x with { Data = [.. x.Data.Select(function)] };
        return node.OpType switch
        {
            "Conv" => Convolution(node, x),
            "Gemm" => Linear(node, x),
            "BatchNormalization" => Normalization(node, x),
            "MatMul" => Linear(node, x),
            "Add" when _constants.TryGetValue(node.Inputs[1], out var summand) && summand.Length == 1 => x with { Data = [.. x.Data.Select(value => value + summand[0])] },
            "Mul" when _constants.TryGetValue(node.Inputs[1], out var factor) => x with { Data = [.. x.Data.Select(value => value * factor[0])] },
            "Add" when _constants.ContainsKey(node.Inputs[1]) => x with { Data = [.. x.Data.Select((value, i) => value + _constants[node.Inputs[1]][Channel(x, i)])] },
            "Add" => x with { Data = [.. x.Data.Zip(values[node.Inputs[1]].Data, (a, b) => a + b)] },
            "Mul" => x with { Data = [.. x.Data.Zip(values[node.Inputs[1]].Data, (a, b) => a * b)] },
            "PRelu" => x with { Data = [.. x.Data.Select((value, i) => value < 0 ? value * _constants[node.Inputs[1]][Channel(x, i)] : value)] },
            "Concat" => Concatenate([.. node.Inputs.Select(input => values[input])]),
            "Slice" => Slice(node, x),
            "Pad" => Pad(node, x),
            "Transpose" => Transpose(node, x),
            "Reshape" => x with { Shape = [x.Shape[0], .. Integers(node, 1).Skip(1)] },
            "ReduceMean" => Average(x) with { Shape = [x.Shape[0], x.Shape[1]] },
            "MaxPool" => Pool(node, x, window => window.Max(), node.Integers("kernel_shape")!),
            "AveragePool" => Pool(node, x, window => window.Sum() / Divisor(node, window.Count), node.Integers("kernel_shape")!),
            "GlobalAveragePool" => Pool(node, x, window => window.Average(), x.Shape[2..]),
            "Flatten" => x with { Shape = [x.Shape[0], x.Data.Length / x.Shape[0]] },
            _ => throw new NotSupportedException(node.OpType),
        };
    }

    private static int Divisor(Node node, int pixels)
        => node.Integer("count_include_pad", 0) != 0 ? node.Integers("kernel_shape")![0] * node.Integers("kernel_shape")![1] : pixels;

    private Map Convolution(Node node, Map x)
    {
        var w = network.Constants[node.Inputs[1]].Dimensions.ToArray();
        if (w.Length == 3) w = [w[0], w[1], 1, w[2]];
        var weights = _constants[node.Inputs[1]];
        var perGroup = w[0] / (int)node.Integer("group", 1);
        return Slide(node, x, w[0], w[2..], (n, m, pixels) =>
        {
            var sum = node.Inputs.Count > 2 ? _constants[node.Inputs[2]][m] : 0;
            foreach (var (i, j, row, column) in pixels)
            {
                for (var c = 0; c < w[1]; c++)
                    sum += x[n, (m / perGroup * w[1]) + c, row, column] * weights[(((((m * w[1]) + c) * w[2]) + i) * w[3]) + j];
            }

            return sum;
        });
    }

    private static Map Pool(Node node, Map x, Func<List<double>, double> combine, int[] kernel)
        => Slide(node, x, x.Shape[1], kernel, (n, c, pixels) => combine([.. pixels.Select(pixel => x[n, c, pixel.Row, pixel.Column])]));

    private static Map Slide(Node node, Map x, int outputs, int[] kernel, Func<int, int, List<(int I, int J, int Row, int Column)>, double> combine)
    {
        var strides = node.Integers("strides") ?? [1, 1];
        var pads = node.Integers("pads") ?? [0, 0, 0, 0];
        var dilations = node.Integers("dilations") ?? [1, 1];
        var height = ((x.Shape[2] + pads[0] + pads[2] - ((kernel[0] - 1) * dilations[0]) - 1) / strides[0]) + 1;
        var width = ((x.Shape[3] + pads[1] + pads[3] - ((kernel[1] - 1) * dilations[1]) - 1) / strides[1]) + 1;
        var result = new List<double>();
        for (var n = 0; n < x.Shape[0]; n++)
        {
            for (var m = 0; m < outputs; m++)
            {
                for (var position = 0; position < height * width; position++)
                {
                    var pixels =
                        from i in Enumerable.Range(0, kernel[0])
                        from j in Enumerable.Range(0, kernel[1])
                        let row = (position / width * strides[0]) - pads[0] + (i * dilations[0])
                        let column = (position % width * strides[1]) - pads[1] + (j * dilations[1])
                        where row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3]
                        select (i, j, row, column);
                    result.Add(combine(n, m, [.. pixels]));
                }
            }
        }

        return new Map([.. result], [x.Shape[0], outputs, height, width]);
    }

    private Map Linear(Node node, Map x)
    {
        var weights = _constants[node.Inputs[1]];
        var bias = node.OpType == "Gemm" && node.Inputs.Count > 2 ? _constants[node.Inputs[2]] : null;
        var isTransposed = node.Integer("transB", 0) != 0;
        var inputs = x.Shape[1];
        var outputs = weights.Length / inputs;
        var data = new double[x.Shape[0] * outputs];
        for (var i = 0; i < data.Length; i++)
        {
            var (n, m) = Math.DivRem(i, outputs);
            for (var k = 0; k < inputs; k++)
                data[i] += x.Data[(n * inputs) + k] * weights[isTransposed ? (m * inputs) + k : (k * outputs) + m];
            data[i] += bias?[m] ?? 0;
        }

        return new Map(data, [x.Shape[0], outputs]);
    }

    private Map Normalization(Node node, Map x)
    {
        var data = (double[])x.Data.Clone();
        var channels = x.Shape[1];
        var positions = data.Length / channels / x.Shape[0];
        for (var c = 0; c < channels; c++)
        {
            int[] indices = [.. Enumerable.Range(0, data.Length).Where(i => i / positions % channels == c)];
            var mean = indices.Average(i => x.Data[i]);
            var variance = indices.Average(i => (x.Data[i] - mean) * (x.Data[i] - mean));
            foreach (var i in indices)
                data[i] = ((x.Data[i] - mean) / Math.Sqrt(variance + node.Float("epsilon", 1e-5f)) * _constants[node.Inputs[1]][c]) + _constants[node.Inputs[2]][c];
        }

        return x with { Data = data };
    }

    private sealed record Map(double[] Data, int[] Shape)
    {
        public double this[int n, int c, int row, int column] => Data[(((((n * Shape[1]) + c) * Shape[2]) + row) * Shape[3]) + column];
    }
}
