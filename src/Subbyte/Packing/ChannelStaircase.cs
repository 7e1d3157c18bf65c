using Subbyte.Lowering;
using Subbyte.Networks.Execution;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Packing;

/// <summary>
/// The elementwise nodes before a layer whose codes are −1, 0 and 1, as trained networks have them (subtract a threshold, multiply, compare, cast), taken into the
/// layer: whatever they compute, each channel's code is a staircase of one value, whose steps are found by bisection over the floats. Nodes that all pack by
/// themselves stay what they are.
/// </summary>
internal sealed class ChannelStaircase
{
    private readonly IReadOnlyList<PlanStep> _steps;
    private readonly int _input;
    private readonly int _channels;
    private readonly Tensor?[] _tensors;

    private ChannelStaircase(ExecutionPlan plan, IReadOnlyList<PlanStep> steps, int root, int input)
    {
        (_steps, Root, _input, _channels) = (steps, root, input, plan.Slots[root].Type.Physical[^1]);
        _tensors = new Tensor?[plan.Slots.Count];
        foreach (var slot in steps.SelectMany(step => step.Inputs.Concat(step.Outputs)).Where(slot => slot >= 0))
            _tensors[slot] ??= plan.Slots[slot].Constant ?? Tensor.Zeros(plan.Slots[slot].Type.ElementType, plan.Slots[slot].Type.Physical);
    }

    /// <summary>The value that all codes depend on.</summary>
    public int Root { get; }

    /// <summary>Finds the nodes before a layer.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="input">The slot that the layer reads.</param>
    /// <returns>The nodes, or null where there are none, or they join values.</returns>
    public static ChannelStaircase? Find(ExecutionPlan plan, int input)
    {
        var makers = plan.Steps.SelectMany(step => step.Outputs.Select(output => (output, step))).ToDictionary(pair => pair.output, pair => pair.step);
        var order = plan.Steps.Select((step, i) => (step, i)).ToDictionary(pair => pair.step, pair => pair.i);
        var frontier = new HashSet<int> { input };
        var steps = new List<PlanStep>();
        (int Root, PlanStep[] Steps)? found = null;
        while (true)
        {
            // The latest value is made of earlier ones.
            var latest = frontier.OrderByDescending(slot => makers.TryGetValue(slot, out var maker) ? order[maker] : -1).First();
            if (!IsElementwise(plan, makers, latest)) break;
            var step = makers[latest];
            frontier.Remove(latest);
            steps.Insert(0, step);
            foreach (var slot in step.Inputs.Where(slot => slot >= 0 && plan.Slots[slot].Constant is null)) frontier.Add(slot);
            if (frontier.Count == 1 && plan.Slots[frontier.Single()].Type is { ElementType: ElementType.Float32 } root && root.Count == plan.Slots[input].Type.Count && root.Physical[^1] == plan.Slots[input].Type.Physical[^1])
                found = (frontier.Single(), [.. steps]);
        }

        return found is { } best && best.Steps.Any(step => step.Plan is not IPackedPlan) ? new ChannelStaircase(plan, best.Steps, best.Root, input) : null;
    }

    /// <summary>The steps of each channel.</summary>
    /// <param name="quantizer">What makes codes of the layer's input.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="isBinary">Whether there is no code −1.</param>
    /// <returns>The encoder, or null where a channel's code neither ascends nor descends.</returns>
    public ChannelEncoder? Encoder(IActivationQuantizer quantizer, int channels, bool isBinary)
    {
        var low = Codes(quantizer, Filled(channels, float.NegativeInfinity));
        var high = Codes(quantizer, Filled(channels, float.PositiveInfinity));
        if (Codes(quantizer, Filled(channels, float.NaN)).Any(code => code != 0)) return null;
        var signs = new float[channels];
        for (var c = 0; c < channels; c++) signs[c] = low[c] > high[c] ? -1 : 1;
        short[] last = [.. low.Zip(high, Math.Max)];
        if (last.Any(code => code < 0)) return null;
        var zero = Begin(quantizer, signs, last, 0);
        var one = Begin(quantizer, signs, last, 1);
        return isBinary ? new ChannelEncoder(signs, [], one) : new ChannelEncoder(signs, zero, one);
    }

    /// <summary>The steps of codes that are the same for every channel, ascending or not.</summary>
    /// <param name="quantizer">What makes codes of the layer's input.</param>
    /// <returns>The encoder, whose bytes begin at 0, or null where channels differ or there are too many steps.</returns>
    public ThresholdEncoder? Thresholds(IActivationQuantizer quantizer)
    {
        var none = Codes(quantizer, Filled(_channels, float.NaN));
        if (StepSearch.Find(values => CodesOfAll(quantizer, values)) is not { Thresholds.Length: > 0 } found || none.Any(code => code != none[0])) return null;
        for (var i = 0; i < found.Thresholds.Length; i++)
        {
            var below = CodeThresholds.Value(CodeThresholds.Key(found.Thresholds[i]) - 1);
            if (Codes(quantizer, Filled(_channels, below)).Any(code => code != found.Codes[i]) || Codes(quantizer, Filled(_channels, found.Thresholds[i])).Any(code => code != found.Codes[i + 1])) return null;
        }

        return new ThresholdEncoder(found.Thresholds, [.. found.Codes.Select(code => (byte)(code - quantizer.Range.Lowest))], (byte)(none[0] - quantizer.Range.Lowest));
    }

    /// <summary>The codes of any number of values, each at any place of the map.</summary>
    private short[] CodesOfAll(IActivationQuantizer quantizer, float[] values)
    {
        var map = _tensors[Root]!.AsSpan<float>();
        var codes = new short[values.Length];
        for (var first = 0; first < values.Length; first += map.Length)
        {
            var part = values.AsSpan(first, Math.Min(map.Length, values.Length - first));
            part.CopyTo(map);
            map[part.Length..].Clear();
            RunSteps();
            quantizer.Encode(_tensors[_input]!.AsSpan<float>()[..part.Length], codes.AsSpan(first, part.Length));
        }

        return codes;
    }

    private void RunSteps()
    {
        foreach (var step in _steps)
            step.Plan.Run([.. step.Inputs.Select(slot => slot < 0 ? null : _tensors[slot])], [.. step.Outputs.Select(slot => _tensors[slot]!)], new byte[step.Plan.ScratchBytes]);
    }

    private static bool IsElementwise(ExecutionPlan plan, Dictionary<int, PlanStep> makers, int slot)
        => makers.TryGetValue(slot, out var step) && step.Outputs.Length == 1 && step.Plan is IElementwisePlan && makers[slot].Inputs.Where(input => input >= 0 && plan.Slots[input].Constant is null).All(input => plan.Slots[input].Type.Count == plan.Slots[slot].Type.Count);

    private static float[] Filled(int channels, float value)
    {
        var values = new float[channels];
        Array.Fill(values, value);
        return values;
    }

    /// <summary>The smallest value, times its channel's sign, from which on the code is at least a given one; NaN, which nothing reaches, where it never is.</summary>
    private float[] Begin(IActivationQuantizer quantizer, float[] signs, short[] last, int code)
    {
        var channels = signs.Length;
        var (below, above) = (new int[channels], new int[channels]);
        Array.Fill(below, CodeThresholds.Key(float.NegativeInfinity) - 1);
        Array.Fill(above, CodeThresholds.Key(float.PositiveInfinity));
        var probes = new float[channels];
        while (true)
        {
            var open = false;
            for (var c = 0; c < channels; c++)
            {
                open |= (long)above[c] - below[c] > 1;
                probes[c] = signs[c] * CodeThresholds.Value(Middle(below[c], above[c]));
            }

            if (!open) return [.. above.Select((key, c) => last[c] < code ? float.NaN : CodeThresholds.Value(key))];
            var codes = Codes(quantizer, probes);
            for (var c = 0; c < channels; c++)
            {
                if ((long)above[c] - below[c] <= 1) continue;
                if (codes[c] >= code) above[c] = Middle(below[c], above[c]);
                else below[c] = Middle(below[c], above[c]);
            }
        }
    }

    private static int Middle(int below, int above) => (int)((below + (long)above) >> 1);

    /// <summary>The code of each channel where all its pixels have the same value.</summary>
    private short[] Codes(IActivationQuantizer quantizer, float[] values)
    {
        var map = _tensors[Root]!.AsSpan<float>();
        for (var i = 0; i < map.Length; i++) map[i] = values[i % values.Length];
        RunSteps();
        var codes = new short[values.Length];
        quantizer.Encode(_tensors[_input]!.AsSpan<float>()[..values.Length], codes);
        return codes;
    }
}
