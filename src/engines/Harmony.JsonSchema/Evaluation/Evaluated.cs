namespace Harmony.JsonSchema.Evaluation;

/// <summary>Which members and items of one value have been looked at by keywords: what <c>unevaluatedProperties</c> and <c>unevaluatedItems</c> ask for (§11).</summary>
internal sealed class Evaluated
{
    private HashSet<string>? _names;
    private HashSet<int>? _indexes;
    private bool _allNames;
    private int _firstItems;

    public bool Has(string name) => _allNames || _names?.Contains(name) == true;

    public bool Has(int index) => index < _firstItems || _indexes?.Contains(index) == true;

    public void Add(string name) => (_names ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);

    public void AddAllNames() => _allNames = true;

    public void Add(int index) => (_indexes ??= []).Add(index);

    public void AddFirst(int count) => _firstItems = Math.Max(_firstItems, count);

    public void AddAllItems() => _firstItems = int.MaxValue;

    /// <summary>Adds what a schema found that applies to the same value.</summary>
    public void Add(Evaluated other)
    {
        _allNames |= other._allNames;
        _firstItems = Math.Max(_firstItems, other._firstItems);
        if (other._names is not null) (_names ??= new HashSet<string>(StringComparer.Ordinal)).UnionWith(other._names);
        if (other._indexes is not null) (_indexes ??= []).UnionWith(other._indexes);
    }
}
