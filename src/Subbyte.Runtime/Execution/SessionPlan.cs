using Subbyte.Tensors;

namespace Subbyte.Runtime;

/// <summary>Where the values of a network lie, and how much memory a run takes.</summary>
internal sealed class SessionPlan
{
    // A hostile file must not ask for all memory: a run may take so much.
    private const long MostBytes = 1L << 30;

    /// <summary>Plans a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="steps">The steps of a run.</param>
    /// <exception cref="PackedFormatException">A run would take more than 1 GiB.</exception>
    public SessionPlan(PackedNetwork network, IReadOnlyList<PackedStep> steps)
    {
        var born = new int[network.Values.Count];
        var dies = new int[network.Values.Count];
        Array.Fill(born, int.MaxValue);
        born[network.Input] = -1;
        foreach (var state in network.States) born[state.Before] = -1;
        for (var i = 0; i < steps.Count; i++)
        {
            born[steps[i].Output] = i;
            dies[steps[i].Output] = Math.Max(dies[steps[i].Output], i);
            foreach (var value in steps[i].Inputs) dies[value] = i;
        }

        dies[network.Output] = steps.Count;
        foreach (var state in network.States) dies[state.After] = steps.Count;
        (Input, Output) = (network.Input, network.Output);
        Lengths = [.. network.Values.Select(value => value.Length)];
        // A value that nothing makes takes no memory.
        (Offsets, ArenaBytes) = ArenaLayout.Place([.. Lengths.Select((length, i) => born[i] == int.MaxValue ? new Lifetime(0, 0, 0) : new Lifetime(born[i], Math.Max(born[i], dies[i]), SessionFrame.Bytes<float>(length)))]);
        SharedBytes = steps.Select(step => step.SharedBytes).DefaultIfEmpty().Max();
        WorkerBytes = steps.Select(step => step.WorkerBytes).DefaultIfEmpty().Max();
        if (Math.Max(ArenaBytes, Math.Max(SharedBytes, WorkerBytes)) > MostBytes)
            throw new PackedFormatException($"'{network.Name}' needs {Math.Max(ArenaBytes, Math.Max(SharedBytes, WorkerBytes))} bytes for a run, more than {MostBytes}");
    }

    /// <summary>The value that a run is given.</summary>
    public int Input { get; }

    /// <summary>The value that a run gives.</summary>
    public int Output { get; }

    /// <summary>Offset of each value in the arena.</summary>
    public long[] Offsets { get; }

    /// <summary>Elements of each value.</summary>
    public int[] Lengths { get; }

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes that the tiles of a step share at most.</summary>
    public long SharedBytes { get; }

    /// <summary>Bytes that a worker takes at most.</summary>
    public long WorkerBytes { get; }
}
