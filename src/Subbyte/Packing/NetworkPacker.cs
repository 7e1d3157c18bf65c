using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Packing;

/// <summary>Turns a low-bit network into one that the packed runtime executes; the answers are the executor's, bit for bit.</summary>
public static class NetworkPacker
{
    /// <summary>Packs a network.</summary>
    /// <param name="network">
    /// The network. Its first input is float32, or whole numbers that choose rows of a table (words); its first output counts. Further inputs are states: the output
    /// of the same number is what the input is in the next run.
    /// </param>
    /// <param name="metadata">Texts that belong to it, such as its preprocessing, or null.</param>
    /// <returns>The packed network.</returns>
    /// <exception cref="UserErrorException">A node or a layer does not pack; the message says why, and the way out.</exception>
    public static PackedNetwork Pack(LowBitNetwork network, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var plan = ExecutionPlan.Compile(network);
        Check(network, plan);
        var values = new PackedValues(plan);
        int[] inputs = [.. plan.Inputs.Select((slot, i) => values.Of(slot, network.Network.Inputs[i].Name, i == 0 ? plan.Slots[slot].Type.Dimensions[1..] : plan.Slots[slot].Type.Dimensions))];
        int[] results = [.. plan.Outputs.Take(inputs.Length)];
        int[] outputs = [.. results.Select((slot, i) => values.Of(slot, network.Network.Outputs[i].Name, i == 0 && plan.Slots[slot].Type.Rank > 1 ? plan.Slots[slot].Type.Dimensions[1..] : plan.Slots[slot].Type.Dimensions))];
        var absorbed = TakenIn(plan);
        var needed = Needed(plan, results, absorbed);
        var steps = new List<PackedStep>();
        foreach (var step in plan.Steps.Where(step => step.Outputs.Any(needed.Contains)))
        {
            if (absorbed.TryGetValue(step, out var layer)) steps.Add(layer.Layer.Step(new PackedPlace(step.Name, [values[layer.Root]], values.Of(step.Outputs[0], step.Name))));
            else steps.AddRange(Steps(network, plan, step, values, needed, results));
        }

        return new PackedNetwork
        {
            Name = network.Network.Name,
            Metadata = metadata ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Values = values.All,
            Steps = LayoutFusion.Apply(steps, outputs.ToHashSet()),
            Input = inputs[0],
            Output = outputs[0],
            States = [.. inputs.Zip(outputs, (before, after) => new PackedState(before, after)).Skip(1)],
        };
    }

    /// <summary>A node's step; of a node of several outputs, the pieces of what it makes behind it.</summary>
    private static IEnumerable<PackedStep> Steps(LowBitNetwork network, ExecutionPlan plan, PlanStep step, PackedValues values, HashSet<int> needed, int[] results)
    {
        int[] inputs = [.. Data(plan, step)];
        var packed = Check(network, plan, step, inputs);
        int[] read = [.. inputs.Select(slot => values[slot])];
        if (packed.IsCopy && !results.Contains(step.Outputs[0]))
        {
            values.Share(step.Outputs[0], read[0]);
            yield break;
        }

        if (step.Outputs.Length == 1)
        {
            yield return packed.Pack(new PackedPlace(step.Name, read, values.Of(step.Outputs[0], step.Name)));
            yield break;
        }

        int[] lengths = [.. step.Outputs.Select(slot => checked((int)plan.Slots[slot].Type.Count))];
        var all = values.Add(step.Name, [lengths.Sum()]);
        yield return packed.Pack(new PackedPlace(step.Name, read, all));
        for (var (i, start) = (0, 0); i < lengths.Length; start += lengths[i++])
        {
            if (needed.Contains(step.Outputs[i])) yield return new BoxStep($"{step.Name}/{i}", [all], values.Of(step.Outputs[i], $"{step.Name}/{i}"), 0, [lengths[i]], new BoxPlace(start, [1]), new BoxPlace(0, [1]));
        }
    }

    /// <summary>Layers that take the elementwise nodes before them in, with the value that they read then.</summary>
    private static Dictionary<PlanStep, (int Root, PackedLayer Layer)> TakenIn(ExecutionPlan plan)
    {
        var layers = new Dictionary<PlanStep, (int Root, PackedLayer Layer)>();
        foreach (var step in plan.Steps)
        {
            if (step.Plan is not LoweredProductPlan product || ChannelStaircase.Find(plan, step.Inputs[0]) is not { } staircase) continue;
            var layer = product.Packed(staircase);
            if (layer.TakesIn) layers[step] = (staircase.Root, layer);
        }

        return layers;
    }

    private static HashSet<int> Needed(ExecutionPlan plan, int[] results, Dictionary<PlanStep, (int Root, PackedLayer Layer)> absorbed)
    {
        var needed = results.ToHashSet();
        foreach (var step in plan.Steps.Reverse().Where(step => step.Outputs.Any(needed.Contains)))
        {
            if (absorbed.TryGetValue(step, out var layer)) needed.Add(layer.Root);
            else needed.UnionWith(Data(plan, step));
        }

        return needed;
    }

    private static IEnumerable<int> Data(ExecutionPlan plan, PlanStep step) => step.Inputs.Where(slot => slot >= 0 && plan.Slots[slot].Constant is null);

    private static void Check(LowBitNetwork network, ExecutionPlan plan)
    {
        var name = network.Network.Name;
        var (inputs, outputs) = (plan.InputTypes.ToArray(), plan.OutputTypes.ToArray());
        if (inputs[0] is not { Rank: > 0 } || !(inputs[0].ElementType == ElementType.Float32 || IsNumber(inputs[0])))
            throw new UserErrorException($"network '{name}' takes {inputs[0]}; packed networks take samples of float32, or numbers of words, whose first dimension counts them");
        if (outputs.Length < inputs.Length) throw new UserErrorException($"network '{name}' has {inputs.Length} inputs and {outputs.Length} outputs; inputs of a packed network behind its first are states, each with an output that it becomes in the next run");
        for (var state = 1; state < inputs.Length; state++)
        {
            if (inputs[state].ElementType != ElementType.Float32 || outputs[state].ElementType != ElementType.Float32 || !inputs[state].Dimensions.SequenceEqual(outputs[state].Dimensions))
                throw new UserErrorException($"network '{name}': output {state} is {outputs[state]}, which cannot be input {state}, {inputs[state]}, of the next run");
        }

        if (plan.Outputs.Take(inputs.Length).Any(slot => plan.Slots[slot].Constant is not null)) throw new UserErrorException($"network '{name}': its output is constant; there is nothing to pack");
    }

    private static IPackedPlan Check(LowBitNetwork network, ExecutionPlan plan, PlanStep step, int[] inputs)
    {
        var place = $"network '{network.Network.Name}', node '{step.Name}'";
        if (step.Plan is not IPackedPlan packed)
            throw new UserErrorException($"{place}: the packed runtime has no step for {step.Plan.GetType().Name.Replace("Plan", "", StringComparison.Ordinal)}; deploy this network by 'subbyte quantize' as ONNX");
        if (inputs.Length != (packed.DataInputs ?? step.Inputs.Length))
            throw new UserErrorException($"{place}: it reads a constant beside its values, which a packed step does not; deploy this network by 'subbyte quantize' as ONNX");
        if (inputs.Concat(step.Outputs).Select(slot => plan.Slots[slot].Type).FirstOrDefault(type => type.ElementType != ElementType.Float32 && !(packed.TakesNumbers && IsNumber(type))) is { } other)
            throw new UserErrorException($"{place}: it works on {other.ElementType}; packed values are float32");
        return packed;
    }

    private static bool IsNumber(TensorType type) => type.ElementType is ElementType.Int32 or ElementType.Int64;
}
