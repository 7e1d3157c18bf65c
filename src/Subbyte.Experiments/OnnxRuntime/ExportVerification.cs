namespace Subbyte.Experiments;

/// <summary>An exported model in ONNX Runtime against our executor on the same samples.</summary>
/// <param name="Samples">Samples compared.</param>
/// <param name="SameTop1">Samples with the same largest output.</param>
/// <param name="LargestDifference">Largest absolute difference of an output.</param>
/// <param name="NearTies">Differing samples whose two largest outputs are closer than twice the largest difference.</param>
public sealed record ExportVerification(int Samples, int SameTop1, double LargestDifference, int NearTies)
{
    /// <summary>Share of samples with the same largest output.</summary>
    public double Agreement => Samples == 0 ? 1 : SameTop1 / (double)Samples;

    /// <summary>Whether at least 99.8 % agree and every other sample is a near-tie.</summary>
    public bool Holds => Agreement >= 0.998 && NearTies == Samples - SameTop1;

    /// <summary>Compares outputs.</summary>
    /// <param name="ours">Our executor's run.</param>
    /// <param name="theirs">ONNX Runtime's outputs of the first samples.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="UserErrorException">The number of outputs differs.</exception>
    public static ExportVerification Compare(NetworkRun ours, float[] theirs)
    {
        if (ours.OutputLength == 0 || theirs.Length % ours.OutputLength != 0 || theirs.Length > ours.Outputs.Length)
            throw new UserErrorException($"ONNX Runtime gives {theirs.Length} outputs where our executor gives {ours.OutputLength} a sample");
        var samples = theirs.Length / ours.OutputLength;
        double largest = 0;
        for (var i = 0; i < theirs.Length; i++) largest = Math.Max(largest, Math.Abs((double)ours.Outputs[i] - theirs[i]));
        var (same, nearTies) = (0, 0);
        for (var sample = 0; sample < samples; sample++)
        {
            var their = theirs.AsSpan(sample * ours.OutputLength, ours.OutputLength);
            if (Scores.ArgMax(ours.Output(sample)) == Scores.ArgMax(their)) same++;
            else if (Gap(ours.Output(sample)) < 2 * largest) nearTies++;
        }

        return new ExportVerification(samples, same, largest, nearTies);
    }

    private static double Gap(ReadOnlySpan<float> output)
    {
        var (first, second) = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (var value in output)
        {
            if (value > first) (first, second) = (value, first);
            else if (value > second) second = value;
        }

        return first - second;
    }
}
