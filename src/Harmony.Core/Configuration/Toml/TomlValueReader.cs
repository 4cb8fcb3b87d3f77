namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads a value of any kind.</summary>
internal sealed class TomlValueReader
{
    private readonly TomlCursor _cursor;
    private readonly TomlStringReader _strings;
    private readonly TomlScalarReader _scalars;
    private readonly TomlArrayReader _arrays;
    private readonly TomlInlineTableReader _inlineTables;
    private readonly TomlErrors _errors;
    private readonly int _maxDepth;

    public TomlValueReader(TomlCursor cursor, TomlErrors errors, TomlReaderOptions options)
    {
        _cursor = cursor;
        _errors = errors;
        _maxDepth = options.MaxDepth;
        _strings = new TomlStringReader(cursor, errors);
        _scalars = new TomlScalarReader(cursor, errors, options);
        _arrays = new TomlArrayReader(cursor, errors, this);
        Pairs = new TomlPairReader(cursor, errors, this, options.MaxDepth);
        _inlineTables = new TomlInlineTableReader(cursor, errors, Pairs);
    }

    /// <summary>Reads the keys with values that tables consist of.</summary>
    public TomlPairReader Pairs { get; }

    /// <summary>Reads the value that starts here.</summary>
    /// <param name="depth">How many arrays and tables stand around it, itself included if it is one.</param>
    /// <param name="isNested">Whether it stands in an array or inline table.</param>
    /// <param name="value">Null when it is wrong, which is reported.</param>
    /// <returns>Whether reading can go on behind it; false when the statement has come apart.</returns>
    public bool TryRead(int depth, bool isNested, out TomlValue? value)
    {
        value = null;
        var location = _cursor.Location;
        switch (_cursor.Current)
        {
            case '"' or '\'':
                if (_strings.Read() is not { } content) return false;
                value = new TomlString(content, location);
                return true;
            case '[' or '{' when depth > _maxDepth:
                _errors.Report(location, TooDeep(_maxDepth));
                return false;
            case '[':
                return _arrays.TryRead(depth, out value);
            case '{':
                return _inlineTables.TryRead(depth, out value);
            default:
                return _scalars.TryRead(isNested, out value);
        }
    }

    public static string TooDeep(int maxDepth) => $"nested too deeply: at most {maxDepth} arrays and tables may stand inside one another";
}
