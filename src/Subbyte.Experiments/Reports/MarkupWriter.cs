using System.Globalization;
using System.Text;

namespace Subbyte.Experiments.Reports;

/// <summary>
/// Writes HTML that is well-formed XML too. All text and attribute values are escaped here and nowhere else, so a name from a file cannot
/// become markup, end an attribute or turn the direction of the text around it.
/// </summary>
internal sealed class MarkupWriter
{
    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "html", "head", "body", "header", "main", "footer", "nav", "section", "div", "aside", "figure", "figcaption", "details", "summary", "table", "thead", "tbody", "tr", "dl",
        "dt", "dd", "ul", "li", "p", "h1", "h2", "h3", "svg", "g", "title", "style",
    };

    private readonly StringBuilder _text = new();

    /// <summary>Opens an element and closes it when the scope is disposed.</summary>
    /// <param name="name">Element name.</param>
    /// <param name="attributes">Attributes; those with a null value are left out.</param>
    /// <returns>The scope.</returns>
    public Scope In(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(name, attributes);
        _text.Append('>');
        return new Scope(this, name);
    }

    /// <summary>An element that holds only text.</summary>
    /// <param name="name">Element name.</param>
    /// <param name="text">Text, unescaped.</param>
    /// <param name="attributes">Attributes.</param>
    public void Leaf(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        using (In(name, attributes)) Text(text);
    }

    /// <summary>An element without content: an HTML void element or any SVG element.</summary>
    /// <param name="name">Element name.</param>
    /// <param name="attributes">Attributes.</param>
    public void Empty(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(name, attributes);
        _text.Append("/>");
    }

    /// <summary>Text, escaped.</summary>
    /// <param name="text">Text.</param>
    public void Text(string text)
    {
        foreach (var rune in text.EnumerateRunes()) AppendEscaped(rune);
    }

    /// <summary>Text that may be broken into lines after commas, colons, slashes and underscores: recipes and names of layers.</summary>
    /// <param name="text">Text.</param>
    public void Breakable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            AppendEscaped(rune);
            if (rune.Value is ',' or ':' or '/' or '_') _text.Append("<wbr/>");
        }
    }

    /// <summary>An element that holds only <see cref="Breakable"/> text.</summary>
    /// <param name="name">Element name.</param>
    /// <param name="text">Text, unescaped.</param>
    /// <param name="attributes">Attributes.</param>
    public void Name(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        using (In(name, attributes)) Breakable(text);
    }

    /// <summary>Markup that the program itself holds, as it is.</summary>
    /// <param name="markup">Well-formed markup, or a style sheet without markup characters.</param>
    public void Trusted(string markup) => _text.Append(markup);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static bool IsPlain(Rune rune)
        => rune.Value is '\t' or '\n'
            || (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                && rune.Value is not (0xFFFE or 0xFFFF)
                && !IsDirectionControl(rune.Value));

    private static bool IsDirectionControl(int value) => value is 0x061C or (>= 0x200E and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private void Tag(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is null) continue;
            _text.Append(' ').Append(attribute).Append("=\"");
            Text(value);
            _text.Append('"');
        }
    }

    private void Close(string name)
    {
        _text.Append("</").Append(name).Append('>');
        if (Blocks.Contains(name)) _text.Append('\n');
    }

    private void AppendEscaped(Rune rune)
    {
        switch (rune.Value)
        {
            case '<':
                _text.Append("&lt;");
                break;
            case '>':
                _text.Append("&gt;");
                break;
            case '&':
                _text.Append("&amp;");
                break;
            case '"':
                _text.Append("&quot;");
                break;
            case '\'':
                _text.Append("&#39;");
                break;
            default:
                _text.Append((IsPlain(rune) ? rune : Rune.ReplacementChar).ToString());
                break;
        }
    }

    /// <summary>An open element.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="name">Element name.</param>
    public readonly struct Scope(MarkupWriter writer, string name) : IDisposable
    {
        /// <summary>Closes the element.</summary>
        public void Dispose() => writer.Close(name);
    }
}
