namespace Subbyte.Methods.NbSmt;

/// <summary>A layer whose number of threads is to be chosen.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Macs">Multiply-accumulates of one sample.</param>
/// <param name="RelativeError">Squared error of its integer sums over their squares when it alone runs at most threads.</param>
public sealed record ThreadCandidate(string Name, double Macs, double RelativeError);

/// <summary>Mixed numbers of threads (section 3.6): the layers with most noise give up threads first.</summary>
public static class NbSmtThreads
{
    /// <summary>Speedup of a network over one thread: Σ macs / Σ (macs / threads).</summary>
    /// <param name="layers">Multiply-accumulates and threads of each layer.</param>
    /// <returns>The speedup; fill and drain of the array not counted.</returns>
    public static double Speedup(IEnumerable<(double Macs, int Threads)> layers)
    {
        double macs = 0, cycles = 0;
        foreach (var layer in layers)
        {
            macs += layer.Macs;
            cycles += layer.Macs / layer.Threads;
        }

        return macs / cycles;
    }

    /// <summary>
    /// Lowers threads from the noisiest layer on, 4 → 2 → 1 each before the next, until the target holds. Ties keep the order of the layers.
    /// </summary>
    /// <param name="layers">The layers.</param>
    /// <param name="threads">Threads to begin with: 2 or 4.</param>
    /// <param name="holds">Whether a choice of threads by layer name meets the target.</param>
    /// <returns>Threads by layer name; all 1 when nothing else meets the target.</returns>
    public static IReadOnlyDictionary<string, int> Search(IReadOnlyList<ThreadCandidate> layers, int threads, Func<IReadOnlyDictionary<string, int>, bool> holds)
    {
        var choice = layers.ToDictionary(layer => layer.Name, _ => threads, StringComparer.Ordinal);
        foreach (var layer in layers.OrderByDescending(layer => layer.RelativeError))
        {
            while (choice[layer.Name] > 1)
            {
                if (holds(choice)) return choice;
                choice[layer.Name] /= 2;
            }
        }

        return choice;
    }

    /// <summary>A recipe that gives each layer its number of threads.</summary>
    /// <param name="choice">Threads by layer name.</param>
    /// <returns>One step for each number of threads.</returns>
    public static string Recipe(IReadOnlyDictionary<string, int> choice)
        => string.Join(" + ", choice.GroupBy(layer => layer.Value).OrderBy(group => group.Key).Select(group => $"{NbSmtMethod.Name}:threads={group.Key},layers={string.Join('|', group.Select(layer => layer.Key))}"));
}
