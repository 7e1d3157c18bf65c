using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.MultiLevelBinary;

/// <summary>Weights as sums of scaled signs, scales for each output channel; the gradient passes unchanged.</summary>
/// <param name="name">Name of the method.</param>
/// <param name="outputs">Output channels.</param>
/// <param name="depth">Length of a row.</param>
/// <param name="levels">Levels.</param>
/// <param name="basis">How a row is coded.</param>
/// <param name="deviation">Standard deviation of a start from scratch; 0 for the float network's weights.</param>
internal sealed class MultiLevelBinaryWeights(string name, int outputs, int depth, int levels, IBinaryBasis basis, double deviation) : ITrainableWeights
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = basis.StateLength == 0 ? [] : [new("basis", outputs * basis.StateLength, QuantizerParameterKind.State)];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        if (deviation > 0) LatentSigns.Draw(values, deviation, random);
        for (var m = 0; m < outputs; m++) basis.Start(values.Slice(m * depth, depth), State(parameters, m));
    }

    /// <inheritdoc/>
    public void BeginStep(Span<float> values, IReadOnlyList<float[]> parameters)
    {
        for (var m = 0; m < outputs; m++) basis.Move(values.Slice(m * depth, depth), State(parameters, m));
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        var (scales, digits) = (new double[levels], new sbyte[levels * depth]);
        for (var m = 0; m < outputs; m++)
        {
            basis.Encode(values.Slice(m * depth, depth), State(parameters, m), scales, digits);
            for (var k = 0; k < depth; k++)
            {
                double sum = 0;
                for (var level = 0; level < levels; level++) sum += scales[level] * digits[(level * depth) + k];
                quantized[(m * depth) + k] = (float)sum;
            }
        }
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
        => gradient.CopyTo(valueGradient);

    /// <inheritdoc/>
    public WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var planes = Enumerable.Range(0, levels).Select(_ => (Codes: new short[outputs * depth], Scales: new float[outputs])).ToArray();
        var (scales, digits) = (new double[levels], new sbyte[levels * depth]);
        for (var m = 0; m < outputs; m++)
        {
            basis.Encode(values.Slice(m * depth, depth), State(parameters, m), scales, digits);
            for (var level = 0; level < levels; level++)
            {
                // A negative scale is a plane of opposite signs; a scale of zero a plane of zeros.
                var sign = Math.Sign(scales[level]);
                planes[level].Scales[m] = sign == 0 ? 1 : (float)Math.Abs(scales[level]);
                for (var k = 0; k < depth; k++) planes[level].Codes[(m * depth) + k] = (short)(sign * digits[(level * depth) + k]);
            }
        }

        return new WeightCodes(name, [.. planes.Select(plane => new WeightPlane(plane.Codes, plane.Scales, 1))], levels * ((long)outputs * depth + (32L * outputs)));
    }

    private Span<float> State(IReadOnlyList<float[]> parameters, int output)
        => basis.StateLength == 0 ? [] : parameters[0].AsSpan(output * basis.StateLength, basis.StateLength);
}
