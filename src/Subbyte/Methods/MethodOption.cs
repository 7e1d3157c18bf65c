using System.Globalization;
using System.Reflection;

namespace Subbyte.Methods;

/// <summary>One option of a recipe step, read from an <see cref="OptionAttribute"/>.</summary>
public sealed class MethodOption
{
    private readonly PropertyInfo _property;
    private readonly OptionAttribute _attribute;
    private readonly Dictionary<string, string> _choices = new(StringComparer.Ordinal);

    private MethodOption(PropertyInfo property, OptionAttribute attribute, object defaults)
    {
        _property = property;
        _attribute = attribute;
        foreach (var choice in attribute.Choices?.Split('|') ?? (Type.IsEnum ? [.. Enum.GetNames(Type).Select(Kebab)] : Array.Empty<string>()))
        {
            var parts = choice.Split('=');
            _choices[parts[0]] = parts[^1];
        }

        Default = Format(defaults);
    }

    /// <summary>Name in a recipe.</summary>
    public string Name => _attribute.Name;

    /// <summary>What it does.</summary>
    public string Help => _attribute.Help;

    /// <summary>Default value as written in a recipe.</summary>
    public string Default { get; }

    /// <summary>Unit, or null.</summary>
    public string? Unit => _attribute.Unit;

    /// <summary>Whether it is a flag: its name alone means true.</summary>
    public bool IsFlag => Type == typeof(bool);

    /// <summary>What may be given, in words: a range, a list of choices, or the kind of value.</summary>
    public string Allowed
    {
        get
        {
            if (IsFlag) return "flag";
            if (_choices.Count > 0) return string.Join('|', _choices.Keys);
            if (Type == typeof(string)) return "text";
            var kind = Type == typeof(int) ? "integer" : "number";
            return (_attribute.Minimum, _attribute.Maximum) switch
            {
                ( > double.NegativeInfinity, < double.PositiveInfinity) => $"{_attribute.Minimum:R}..{_attribute.Maximum:R}",
                ( > double.NegativeInfinity, _) => $"{kind} ≥ {_attribute.Minimum:R}",
                (_, < double.PositiveInfinity) => $"{kind} ≤ {_attribute.Maximum:R}",
                _ => kind,
            };
        }
    }

    private Type Type => _property.PropertyType;

    /// <summary>The options of a record type, in declaration order.</summary>
    /// <param name="defaults">A record with every option at its default.</param>
    /// <returns>The options.</returns>
    public static IReadOnlyList<MethodOption> Of(object defaults)
        => [.. defaults.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.IsDefined(typeof(OptionAttribute)))
            .OrderBy(property => property.MetadataToken)
            .Select(property => new MethodOption(property, property.GetCustomAttribute<OptionAttribute>()!, defaults))];

    /// <summary>The value that <paramref name="options"/> holds, as written in a recipe.</summary>
    /// <param name="options">An options record.</param>
    /// <returns>The text.</returns>
    public string Format(object options) => _property.GetValue(options) switch
    {
        bool flag => flag ? "true" : "false",
        Enum value => Kebab(value.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other?.ToString() ?? "",
    };

    /// <summary>Sets the option on a record.</summary>
    /// <param name="options">The record.</param>
    /// <param name="text">The value as written.</param>
    /// <param name="owner">What the option belongs to, for messages.</param>
    /// <exception cref="UserErrorException">The text is not a value of this option.</exception>
    public void Set(object options, string text, string owner)
    {
        object? value = null;
        if (IsFlag) value = text switch { "true" or "yes" or "on" or "1" => true, "false" or "no" or "off" or "0" => false, _ => null };
        else if (Type.IsEnum) value = _choices.ContainsKey(text) ? Enum.GetValues(Type).Cast<object>().First(member => Kebab(member.ToString()!) == text) : null;
        else if (_choices.Count > 0) value = _choices.GetValueOrDefault(text);
        else if (Type == typeof(string)) value = text;
        else value = Number(text);
        if (value is null)
            throw new UserErrorException($"{owner}: option '{Name}' cannot be '{text}'; allowed: {Allowed}{(Unit is null ? "" : " " + Unit)}, default {Default}");
        _property.SetValue(options, value);
    }

    private static string Kebab(string name)
        => string.Concat(name.Select((letter, i) => char.IsUpper(letter) && BeginsWord(name, i) ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    /// <summary>Whether a capital letter after the first begins a word: after a small letter, or as the last of several capitals before one.</summary>
    private static bool BeginsWord(string name, int i) => i > 0 && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));

    private object? Number(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return null;
        if (number < _attribute.Minimum || number > _attribute.Maximum) return null;
        if (Type == typeof(double)) return number;
        return number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;
    }
}
