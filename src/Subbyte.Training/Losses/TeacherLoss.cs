using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>The part of <see cref="Distillation"/> that compares with the teacher.</summary>
/// <param name="teacher">The teacher's logits of the same batch.</param>
/// <param name="temperature">Temperature T.</param>
/// <param name="weight">Weight w.</param>
internal sealed class TeacherLoss(FeatureMap teacher, float temperature, float weight)
{
    /// <summary>Mixes it into the loss of a sample.</summary>
    /// <param name="sample">Place of the answer in the batch.</param>
    /// <param name="logits">The student's logits.</param>
    /// <param name="loss">Loss by the label.</param>
    /// <param name="gradient">Gradient of the mean loss by the label, changed; empty where none is wanted.</param>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="room">Memory for twice as many numbers as logits.</param>
    /// <returns>The whole loss of the sample.</returns>
    public float Add(int sample, ReadOnlySpan<float> logits, float loss, Span<float> gradient, int samples, Span<float> room)
    {
        var wanted = room[..logits.Length];
        var given = room.Slice(logits.Length, logits.Length);
        var wantedLog = Soften(Teacher(sample), wanted);
        var givenLog = Soften(logits, given);
        var divergence = 0f;
        var t = Teacher(sample);
        for (var i = 0; i < logits.Length; i++) divergence = MathF.FusedMultiplyAdd(wanted[i], ((t[i] - logits[i]) / temperature) - (wantedLog - givenLog), divergence);
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] = ((1 - weight) * gradient[i]) + (weight * temperature * (given[i] - wanted[i]) / samples);
        return ((1 - weight) * loss) + (weight * temperature * temperature * divergence);
    }

    private ReadOnlySpan<float> Teacher(int answer)
    {
        var (sample, position) = Math.DivRem(answer, teacher.Positions);
        return teacher.Values(sample, 1).Slice(position * teacher.Channels, teacher.Channels);
    }

    /// <summary>The softmax of logits over T.</summary>
    /// <returns>The logarithm of the sum that divides, so that <c>ln p = logit / T − it</c>.</returns>
    private float Soften(ReadOnlySpan<float> logits, Span<float> shares)
    {
        var largest = logits[0];
        foreach (var logit in logits) largest = Math.Max(largest, logit);
        for (var i = 0; i < logits.Length; i++) shares[i] = (logits[i] - largest) / temperature;
        Transcendental.Exp(shares, shares);
        var sum = 0f;
        foreach (var share in shares) sum += share;
        for (var i = 0; i < shares.Length; i++) shares[i] /= sum;
        return Transcendental.Log(sum) + (largest / temperature);
    }
}
