using System.Globalization;
using Subbyte.Calibration;
using Subbyte.Lowering;

namespace Subbyte.Methods.BitSplit;

/// <summary>
/// Bit-Split and Stitching: weights of few bits whose integers minimise the error of the layer's output on calibration patches, ternary digit by
/// ternary digit (Wang, Chen, He, Cheng, ICML 2020); activations with scales that go into the weights (ECAQ).
/// </summary>
/// <param name="options">Options.</param>
public sealed class BitSplitMethod(BitSplitOptions options) : ILayerMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "bit-split";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<BitSplitOptions>(
        Name,
        "weights whose ternary digits minimise the error of the layer's output; activation scales per channel, compensated in the weights",
        "Wang, Chen, He, Cheng: Towards Accurate Post-training Network Quantization via Bit-Split and Stitching, ICML 2020; TPAMI 45(2), 2023",
        options => new BitSplitMethod(options),
        "bit-split:w=4",
        "bit-split:w=3",
        "bit-split:w=4,a=4");

    /// <inheritdoc/>
    public bool CoversEnds => options.WeightBits >= 8 && options.ActivationBits is "open" or "float" or "8";

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        if (options.ActivationBits == "float") draft.KeepFloatActivations(Name);
        if (draft.Layer.Depth > SecondMoments.MostDepth)
        {
            draft.Note = $"{Name}: rows of {draft.Layer.Depth} inputs are too long for a matrix of their second moments; the integers minimise the error of the weights";
            draft.Fill(Codes(draft.Layer, LayerSolver.Fit(draft.Layer, options.WeightBits), 1));
        }
        else if (options.ActivationBits is "open" or "float")
        {
            draft.Fill(Codes(draft.Layer, LayerSolver.Solve(draft.Layer, options, null, Lowered(draft)), 1));
        }
        else
        {
            FillBoth(draft, int.Parse(options.ActivationBits, CultureInfo.InvariantCulture));
        }
    }

    private void FillBoth(LayerDraft draft, int bits)
    {
        var layer = draft.Layer;
        (CodedInput Input, LayerSolution Solution) Solved(CodedInput input) => (input, LayerSolver.Solve(layer, options, input, Lowered(draft)));
        var best = Solved(options.Compensation == ErrorCompensation.Off ? CodedInput.PerLayer(layer, bits, options.Patches) : CodedInput.PerChannel(layer, bits, options.Patches));
        if (options.Compensation == ErrorCompensation.Auto)
        {
            var single = Solved(CodedInput.PerLayer(layer, bits, options.Patches));
            if (single.Solution.Error <= best.Solution.Error) best = single;
        }

        draft.Fill(best.Input.Quantizer);
        draft.Fill(Codes(layer, best.Solution, best.Input.Quantizer.Scale));
        if (best.Input.Quantizer is ChannelActivations) draft.Fill(new ChannelScaledProduct());
    }

    private Func<int, int, PatchRows>? Lowered(LayerDraft draft) => options.Sequential ? draft.LoweredPatches : null;

    /// <summary>The weight slot: integers for the input's codes, whose step the solution's scales hold.</summary>
    private WeightCodes Codes(DotProductLayer layer, LayerSolution solution, float inputScale)
    {
        float[] scales = [.. solution.Scales.Select(scale => (float)(scale / inputScale) is > 0 and var cast ? cast : 1)];
        var storage = ((long)options.WeightBits * solution.Codes.Length) + (32L * layer.Outputs);
        return new WeightCodes(Name, [new WeightPlane(solution.Codes, scales, options.WeightBits)], storage);
    }
}
