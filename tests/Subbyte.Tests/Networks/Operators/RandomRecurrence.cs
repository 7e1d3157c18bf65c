using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>A recurrent layer with drawn sizes, options and values, and what it must give.</summary>
internal sealed class RandomRecurrence
{
    private static readonly string[] Activations = ["Sigmoid", "Tanh", "Relu", "Softsign", "Softplus", "Affine", "LeakyRelu", "ThresholdedRelu", "ScaledTanh", "HardSigmoid", "Elu"];

    private readonly string _opType;
    private readonly Random _random;
    private readonly List<(string Name, AttributeValue Value)> _attributes = [];
    private readonly Func<double, double>[][] _functions;
    private readonly string _direction;
    private readonly int _hidden;
    private readonly bool _isBatchFirst;
    private readonly bool _linearFirst;
    private readonly bool _couples;
    private readonly double _clip = double.PositiveInfinity;
    private readonly float[] _w;
    private readonly float[] _r;
    private readonly float[]? _b;
    private readonly int[]? _lengths;
    private readonly float[]? _h;
    private readonly float[]? _c;
    private readonly float[]? _p;

    private RandomRecurrence(string opType, Random random, bool? isBatchFirst)
    {
        (_opType, _random) = (opType, random);
        (Steps, Batch, Inputs, _hidden) = (random.Next(1, 6), random.Next(1, 4), random.Next(1, 6), random.Next(1, 20));
        _direction = new[] { "forward", "reverse", "bidirectional" }[random.Next(3)];
        _isBatchFirst = isBatchFirst ?? random.Next(2) == 0;
        _linearFirst = opType == "GRU" && Heads();
        _couples = opType == "LSTM" && random.Next(4) == 0;
        _attributes.AddRange([("hidden_size", _hidden), ("direction", _direction)]);
        if (_isBatchFirst) _attributes.Add(("layout", 1));
        if (_linearFirst) _attributes.Add(("linear_before_reset", 1));
        if (_couples) _attributes.Add(("input_forget", 1));
        if (random.Next(4) == 0) _attributes.Add(("clip", (float)(_clip = 0.5f)));
        _functions = Heads() ? Defaults() : DrawActivations();
        X = random.Gaussians(Steps * Batch * Inputs);
        _w = random.Gaussians(Directions * Gates * _hidden * Inputs, 0.5);
        _r = random.Gaussians(Directions * Gates * _hidden * _hidden, 0.5 / Math.Sqrt(_hidden));
        _b = Heads() ? random.Gaussians(2 * Directions * Gates * _hidden, 0.5) : null;
        _lengths = Heads() ? [.. Enumerable.Range(0, Batch).Select(_ => random.Next(1, Steps + 1))] : null;
        _h = Heads() ? random.Gaussians(Directions * Batch * _hidden) : null;
        _c = opType == "LSTM" && Heads() ? random.Gaussians(Directions * Batch * _hidden) : null;
        _p = opType == "LSTM" && Heads() ? random.Gaussians(Directions * 3 * _hidden) : null;
    }

    public int Steps { get; }

    public int Batch { get; }

    public int Inputs { get; }

    public float[] X { get; }

    private int Gates => _opType switch { "LSTM" => 4, "GRU" => 3, _ => 1 };

    private int Directions => _direction == "bidirectional" ? 2 : 1;

    private int Outputs => _opType == "LSTM" ? 3 : 2;

    public static RandomRecurrence Draw(string opType, Random random, bool? isBatchFirst = null) => new(opType, random, isBatchFirst);

    public Tensor[] Run(int[]? constants = null) => Node(constants ?? [1, 2, 3]).Run(Tensors());

    /// <summary>The layer as a network whose input is free in its first dimension and whose output is that of all steps.</summary>
    public Network Network()
    {
        var network = Node([.. Enumerable.Range(1, 7)]).Network(Tensors());
        Dimension[] shape = [new Dimension(null, "steps"), new Dimension(Batch), new Dimension(Inputs)];
        return network with { Inputs = [network.Inputs[0] with { Shape = shape }], Outputs = [network.Outputs[0]] };
    }

    public int[] OutputShape(int output) => (output, _isBatchFirst) switch
    {
        (0, false) => [Steps, Directions, Batch, _hidden],
        (0, true) => [Batch, Steps, Directions, _hidden],
        (_, false) => [Directions, Batch, _hidden],
        _ => [Batch, Directions, _hidden],
    };

    public double[][] Expected()
    {
        double[][] outputs = [new double[Steps * Directions * Batch * _hidden], .. Enumerable.Range(1, Outputs - 1).Select(_ => new double[Directions * Batch * _hidden])];
        for (var d = 0; d < Directions; d++)
        {
            for (var b = 0; b < Batch; b++)
            {
                var stateRow = _isBatchFirst ? (b * Directions) + d : (d * Batch) + b;
                var h = Part(_h, stateRow);
                var c = Part(_c, stateRow);
                var length = _lengths?[b] ?? Steps;
                for (var s = 0; s < length; s++)
                {
                    var t = _direction == "reverse" || d == 1 ? length - 1 - s : s;
                    (h, c) = Cell(d, [.. Enumerable.Range(0, Inputs).Select(i => (double)X[((_isBatchFirst ? (b * Steps) + t : (t * Batch) + b) * Inputs) + i])], h, c);
                    h.CopyTo(outputs[0], (_isBatchFirst ? (((b * Steps) + t) * Directions) + d : (((t * Directions) + d) * Batch) + b) * _hidden);
                }

                h.CopyTo(outputs[1], stateRow * _hidden);
                if (Outputs == 3) c.CopyTo(outputs[2], stateRow * _hidden);
            }
        }

        return outputs;
    }

    public override string ToString() => $"{_opType} of {Steps} steps, {Batch} sequences, {Inputs} inputs, {_hidden} hidden: {string.Join(", ", _attributes.Select(attribute => $"{attribute.Name}={(attribute.Value.Value is string[] names ? string.Join("/", names) : attribute.Value.Value)}"))}";

    private (double[] H, double[] C) Cell(int d, double[] x, double[] h, double[] c)
    {
        double Product(float[] weights, int gate, int j, double[] vector) => Enumerable.Range(0, vector.Length).Sum(k => weights[((((d * Gates) + gate) * _hidden) + j) * vector.Length + k] * vector[k]);
        double Bias(int half, int gate, int j) => _b?[(((d * 2) + half) * Gates * _hidden) + (gate * _hidden) + j] ?? 0;
        double Peep(int gate, int j) => _p?[(((d * 3) + gate) * _hidden) + j] ?? 0;
        double Input(int gate, int j) => Product(_w, gate, j, x) + Bias(0, gate, j);
        double State(int gate, int j) => Product(_r, gate, j, h) + Bias(1, gate, j);
        double F(int function, double value) => _functions[d][function](Math.Clamp(value, -_clip, _clip));
        double[] Each(Func<int, double> element) => [.. Enumerable.Range(0, _hidden).Select(element)];
        switch (_opType)
        {
            case "RNN":
                return (Each(j => F(0, Input(0, j) + State(0, j))), c);
            case "GRU":
                var z = Each(j => F(0, Input(0, j) + State(0, j)));
                var r = Each(j => F(0, Input(1, j) + State(1, j)));
                var reset = Each(j => r[j] * h[j]);
                var n = Each(j => F(1, Input(2, j) + (_linearFirst ? r[j] * State(2, j) : Product(_r, 2, j, reset) + Bias(1, 2, j))));
                return (Each(j => ((1 - z[j]) * n[j]) + (z[j] * h[j])), c);
            default:
                var i = Each(j => F(0, Input(0, j) + State(0, j) + (Peep(0, j) * c[j])));
                var f = _couples ? Each(j => 1 - i[j]) : Each(j => F(0, Input(2, j) + State(2, j) + (Peep(2, j) * c[j])));
                var cell = Each(j => (f[j] * c[j]) + (i[j] * F(1, Input(3, j) + State(3, j))));
                var o = Each(j => F(0, Input(1, j) + State(1, j) + (Peep(1, j) * cell[j])));
                return (Each(j => o[j] * _functions[d][2](cell[j])), cell);
        }
    }

    private SingleNode Node(int[] constants) => new(_opType, [.. _attributes]) { Outputs = Outputs, Constants = constants };

    private Tensor?[] Tensors()
    {
        int[] states = OutputShape(1);
        Tensor?[] inputs =
        [
            Tensor.Of<float>(X, _isBatchFirst ? [Batch, Steps, Inputs] : [Steps, Batch, Inputs]),
            Tensor.Of<float>(_w, Directions, Gates * _hidden, Inputs),
            Tensor.Of<float>(_r, Directions, Gates * _hidden, _hidden),
            _b is null ? null : Tensor.Of<float>(_b, Directions, 2 * Gates * _hidden),
            _lengths is null ? null : Tensor.Of<int>(_lengths, Batch),
            _h is null ? null : Tensor.Of<float>(_h, states),
        ];
        return _opType != "LSTM" ? inputs : [.. inputs, _c is null ? null : Tensor.Of<float>(_c, states), _p is null ? null : Tensor.Of<float>(_p, Directions, 3 * _hidden)];
    }

    private double[] Part(float[]? states, int row) => states is null ? new double[_hidden] : [.. states[(row * _hidden)..((row + 1) * _hidden)].Select(value => (double)value)];

    private bool Heads() => _random.Next(2) == 0;

    private Func<double, double>[][] Defaults()
    {
        Func<double, double>[] one = _opType == "RNN" ? [Math.Tanh] : _opType == "GRU" ? [Logistic, Math.Tanh] : [Logistic, Math.Tanh, Math.Tanh];
        return [.. Enumerable.Repeat(one, Directions)];
    }

    private Func<double, double>[][] DrawActivations()
    {
        var (names, functions, alphas, betas) = (new List<string>(), new List<Func<double, double>>(), new List<float>(), new List<float>());
        var count = Defaults()[0].Length;
        for (var k = 0; k < count * Directions; k++)
        {
            var name = Activations[_random.Next(Activations.Length)];
            float Alpha() => Keep(alphas, _random.Next(1, 9) / 8f);
            float Beta() => Keep(betas, _random.Next(1, 9) / 8f);
            names.Add(name);
            functions.Add(name switch
            {
                "Sigmoid" => Logistic,
                "Tanh" => Math.Tanh,
                "Relu" => x => Math.Max(0, x),
                "Softsign" => x => x / (1 + Math.Abs(x)),
                "Softplus" => x => Math.Log(1 + Math.Exp(x)),
                "Affine" => Two(Alpha(), Beta(), (a, b, x) => (a * x) + b),
                "LeakyRelu" => Two(Alpha(), 0, (a, _, x) => x < 0 ? a * x : x),
                "ThresholdedRelu" => Two(Alpha(), 0, (a, _, x) => x > a ? x : 0),
                "ScaledTanh" => Two(Alpha(), Beta(), (a, b, x) => a * Math.Tanh(b * x)),
                "HardSigmoid" => Two(Alpha(), Beta(), (a, b, x) => Math.Clamp((a * x) + b, 0, 1)),
                _ => Two(Alpha(), 0, (a, _, x) => x < 0 ? a * (Math.Exp(x) - 1) : x),
            });
        }

        _attributes.Add(("activations", new AttributeValue(names.ToArray())));
        if (alphas.Count > 0) _attributes.Add(("activation_alpha", alphas.ToArray()));
        if (betas.Count > 0) _attributes.Add(("activation_beta", betas.ToArray()));
        return [.. functions.Chunk(count)];
    }

    private static float Keep(List<float> values, float value)
    {
        values.Add(value);
        return value;
    }

    private static Func<double, double> Two(float alpha, float beta, Func<double, double, double, double> function) => x => function(alpha, beta, x);

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
