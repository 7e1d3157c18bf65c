namespace Subbyte.Experiments;

/// <summary>How long the emulation of a method takes beside our own INT8 evaluation of the same network.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Milliseconds">The shortest run.</param>
/// <param name="MedianMilliseconds">The median run.</param>
/// <param name="Repeats">Number of runs.</param>
/// <param name="SamplesPerSecond">Samples a second in the shortest run.</param>
/// <param name="TimesInt8">The shortest run by INT8's shortest.</param>
/// <param name="MedianTimesInt8">The median run by INT8's median.</param>
/// <param name="NaiveMilliseconds">The layers value by value, without vectors, for as many samples; from a part of their positions.</param>
/// <param name="NaiveShare">The part of the multiply-accumulates that was computed for that.</param>
/// <param name="NaiveTimes">That time by the shortest run.</param>
public sealed record MethodTiming(
    string Recipe,
    double Milliseconds,
    double MedianMilliseconds,
    int Repeats,
    double SamplesPerSecond,
    double TimesInt8,
    double MedianTimesInt8,
    double NaiveMilliseconds,
    double NaiveShare,
    double NaiveTimes);
