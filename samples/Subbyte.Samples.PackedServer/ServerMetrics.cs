using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Subbyte.Samples.PackedServer;

/// <summary>Counts requests and their time by System.Diagnostics.Metrics, and writes what its listener heard as text that Prometheus reads.</summary>
internal sealed class ServerMetrics : IDisposable
{
    private readonly Meter _meter = new("Subbyte.Samples.PackedServer");
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;

    public ServerMetrics()
    {
        _requests = _meter.CreateCounter<long>("subbyte_requests_total");
        _seconds = _meter.CreateHistogram<double>("subbyte_inference_seconds");
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add($"{instrument.Name}{{result=\"{tags[0].Value}\"}}", value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            Add($"{instrument.Name}_sum", value);
            Add($"{instrument.Name}_count", 1);
        });
        _listener.Start();
    }

    /// <summary>Counts a request.</summary>
    /// <param name="result">done, busy or refused.</param>
    public void Count(string result) => _requests.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <summary>Adds an inference.</summary>
    /// <param name="seconds">How long it took.</param>
    public void Time(double seconds) => _seconds.Record(seconds);

    /// <summary>All figures as text.</summary>
    /// <returns>A line a figure.</returns>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _sums.OrderBy(pair => pair.Key, StringComparer.Ordinal)) text.Append(name).Append(' ').Append(value).Append('\n');
        return text.ToString();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private void Add(string name, double value) => _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
}
