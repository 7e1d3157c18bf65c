using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Methods.Equalization;

/// <summary>A convolution or matrix product of a network with a copy of its constant weights and bias, whose channels may be scaled.</summary>
internal sealed class ScalableLayer
{
    private readonly Node _node;
    private readonly int[] _dimensions;
    private readonly float[] _weights;
    private readonly bool _depthFirst;
    private readonly int _groups;
    private readonly int _positions;
    private readonly int _inputsOfGroup;
    private float[]? _bias;

    private ScalableLayer(Node node, Tensor weights, float[]? bias)
    {
        (_node, _weights, _bias, _dimensions) = (node, weights.AsSpan<float>().ToArray(), bias, weights.Dimensions.ToArray());
        _depthFirst = node.OpType == "MatMul" || (node.OpType == "Gemm" && node.Integer("transB", 0) == 0);
        _groups = node.OpType == "Conv" ? (int)node.Integer("group", 1) : 1;
        Outputs = _dimensions[_depthFirst ? 1 : 0];
        _inputsOfGroup = _dimensions[_depthFirst ? 0 : 1];
        _positions = _weights.Length / Outputs / _inputsOfGroup;
    }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Input channels of all groups.</summary>
    public int Inputs => _inputsOfGroup * _groups;

    /// <summary>Axes after that of the channels in the map that it makes.</summary>
    public int SpatialAxes => _node.OpType == "Conv" ? _dimensions.Length - 2 : 0;

    /// <summary>Whether it has a bias, or may be given one.</summary>
    public bool TakesBias => _node.OpType != "MatMul";

    /// <summary>Whether every patch lies within the map.</summary>
    public bool HasNoPadding => _node.OpType != "Conv" || (_node.Text("auto_pad", "NOTSET") is "NOTSET" or "VALID" && (_node.Integers("pads") ?? []).All(pad => pad == 0));

    /// <summary>A layer, or null where its weights or bias are not constants in a form that is understood.</summary>
    /// <param name="node">A node.</param>
    /// <param name="network">Its network.</param>
    /// <returns>The layer.</returns>
    public static ScalableLayer? Of(Node node, Network network)
    {
        if (node is not { Domain: "", OpType: "Conv" or "Gemm" or "MatMul", Inputs.Count: > 1 }) return null;
        if (!network.Constants.TryGetValue(node.Inputs[1], out var weights) || weights is not { ElementType: ElementType.Float32, Length: > 0 }) return null;
        if (node.OpType == "Conv" ? weights.Rank < 3 || weights.Dimensions[0] % Math.Max(1, node.Integer("group", 1)) != 0 : weights.Rank != 2) return null;
        if (node.OpType == "Gemm" && (node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1 || node.Integer("transA", 0) != 0)) return null;
        var layer = new ScalableLayer(node, weights, null);
        if (node.Inputs.Count < 3 || node.Inputs[2].Length == 0) return layer;
        if (!network.Constants.TryGetValue(node.Inputs[2], out var bias) || bias.ElementType != ElementType.Float32 || bias.Length != layer.Outputs) return null;
        layer._bias = bias.AsSpan<float>().ToArray();
        return layer;
    }

    /// <summary>Largest magnitude of the weights of each output channel.</summary>
    /// <returns>Magnitudes [outputs].</returns>
    public float[] OutputRanges()
    {
        var ranges = new float[Outputs];
        ForEach((index, output, _) => ranges[output] = Math.Max(ranges[output], Math.Abs(_weights[index])));
        return ranges;
    }

    /// <summary>Largest magnitude of the weights that each input channel meets.</summary>
    /// <returns>Magnitudes [inputs].</returns>
    public float[] InputRanges()
    {
        var ranges = new float[Inputs];
        ForEach((index, _, input) => ranges[input] = Math.Max(ranges[input], Math.Abs(_weights[index])));
        return ranges;
    }

    /// <summary>Divides weights and bias of each output channel.</summary>
    /// <param name="divisors">Divisors [outputs].</param>
    public void DivideOutputs(double[] divisors)
    {
        ForEach((index, output, _) => _weights[index] = (float)(_weights[index] / divisors[output]));
        for (var output = 0; output < _bias?.Length; output++) _bias[output] = (float)(_bias[output] / divisors[output]);
    }

    /// <summary>Multiplies the weights that each input channel meets.</summary>
    /// <param name="factors">Factors [inputs].</param>
    public void MultiplyInputs(double[] factors) => ForEach((index, _, input) => _weights[index] = (float)(_weights[index] * factors[input]));

    /// <summary>Adds to the bias of each output channel.</summary>
    /// <param name="shifts">What is added [outputs].</param>
    public void Shift(double[] shifts)
    {
        _bias ??= new float[Outputs];
        for (var output = 0; output < shifts.Length; output++) _bias[output] = (float)(_bias[output] + shifts[output]);
    }

    /// <summary>What constants at the input channels give at each output channel.</summary>
    /// <param name="values">Constants [inputs].</param>
    /// <returns>Σ weights·values [outputs].</returns>
    public double[] Image(double[] values)
    {
        var image = new double[Outputs];
        ForEach((index, output, input) => image[output] += _weights[index] * values[input]);
        return image;
    }

    /// <summary>The node with the weights and bias as they are now.</summary>
    /// <param name="constants">Where they are added, under names of their own: other nodes may read the old ones.</param>
    /// <returns>The node.</returns>
    public Node ToNode(Dictionary<string, Tensor> constants)
    {
        var (weights, bias) = ($"{_node.Name}.weight.equalized", $"{_node.Name}.bias.equalized");
        constants[weights] = Tensor.Of<float>(_weights, _dimensions);
        if (_bias is null) return _node.WithInputs([_node.Inputs[0], weights]);
        constants[bias] = Tensor.Of<float>(_bias);
        return _node.WithInputs([_node.Inputs[0], weights, bias]);
    }

    private void ForEach(Action<int, int, int> visit)
    {
        var outputsOfGroup = Outputs / _groups;
        for (var output = 0; output < Outputs; output++)
        {
            for (var i = 0; i < _inputsOfGroup; i++)
            {
                var input = (output / outputsOfGroup * _inputsOfGroup) + i;
                for (var position = 0; position < _positions; position++)
                    visit(_depthFirst ? (i * Outputs) + output : (((output * _inputsOfGroup) + i) * _positions) + position, output, input);
            }
        }
    }
}
