namespace Subbyte.Runtime;

/// <summary>Takes elementwise steps into the products before them. What is computed stays the same, operation for operation.</summary>
internal static class StepFusion
{
    /// <summary>Applies the rule.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The steps that a session executes.</returns>
    public static PackedStep[] Apply(PackedNetwork network)
    {
        var readers = new int[network.Values.Count];
        foreach (var input in network.Steps.SelectMany(step => step.Inputs)) readers[input]++;
        readers[network.Output]++;
        foreach (var state in network.States) readers[state.After]++;
        var readerOf = new PackedStep?[network.Values.Count];
        var made = new int[network.Values.Count];
        for (var i = 0; i < network.Steps.Count; i++)
        {
            made[network.Steps[i].Output] = i;
            foreach (var input in network.Steps[i].Inputs) readerOf[input] = network.Steps[i];
        }

        made[network.Input] = -1;
        foreach (var state in network.States) made[state.Before] = -1;
        var taken = new HashSet<PackedStep>();
        var fused = new List<PackedStep>();
        for (var i = 0; i < network.Steps.Count; i++)
        {
            if (!taken.Contains(network.Steps[i])) fused.Add(Fuse(network.Steps[i], i));
        }

        return [.. fused];

        PackedStep Fuse(PackedStep step, int at)
        {
            var (channels, output) = (step.TileChannels, step.Output);
            var behind = new List<(ITileStep Step, int Other)>();
            var inputs = new List<int>(step.Inputs);
            while (channels > 0 && readers[output] == 1 && readerOf[output] is ITileStep next and PackedStep reader && (next.Channels == 0 || next.Channels == channels))
            {
                var other = next.Other(output);
                // What else it reads must be there when the product runs.
                if (other == output || (other >= 0 && made[other] >= at)) break;
                if (other >= 0) inputs.Add(other);
                behind.Add((next, other));
                taken.Add(reader);
                output = reader.Output;
                made[output] = at;
            }

            return behind.Count == 0 ? step : new FusedStep(step.To(output), behind, inputs);
        }
    }
}
