using System.Runtime.InteropServices;

namespace Subbyte.Experiments;

/// <summary>What ONNX Runtime predicts over a text.</summary>
/// <param name="Logits">Outputs of the first predictions, one after the other.</param>
/// <param name="Losses">Negative log likelihood of each word, in nats.</param>
/// <param name="Predictions">The likeliest word of each prediction.</param>
/// <param name="Gaps">How far its output is above the second.</param>
internal sealed record OnnxRuntimeText(float[] Logits, double[] Losses, int[] Predictions, float[] Gaps)
{
    /// <summary>Takes what the script wrote apart.</summary>
    /// <param name="output">Its output.</param>
    /// <param name="count">Number of predictions.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="UserErrorException">It is too short.</exception>
    public static OnnxRuntimeText Read(ReadOnlySpan<byte> output, int count)
    {
        var scores = count * (sizeof(double) + (2 * sizeof(float)));
        if (output.Length < scores) throw new UserErrorException($"ONNX Runtime gives {output.Length} bytes for {count} predictions");
        var logits = MemoryMarshal.Cast<byte, float>(output[..^scores]).ToArray();
        var losses = new double[count];
        var answers = new float[2 * count];
        output.Slice(output.Length - scores, count * sizeof(double)).CopyTo(MemoryMarshal.AsBytes(losses.AsSpan()));
        output[^(2 * count * sizeof(float))..].CopyTo(MemoryMarshal.AsBytes(answers.AsSpan()));
        return new OnnxRuntimeText(logits, losses, [.. Enumerable.Range(0, count).Select(i => (int)answers[2 * i])], [.. Enumerable.Range(0, count).Select(i => answers[(2 * i) + 1])]);
    }
}
