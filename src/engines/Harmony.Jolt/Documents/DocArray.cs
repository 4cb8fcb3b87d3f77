namespace Harmony.Jolt.Documents;

/// <summary>A JSON array.</summary>
internal sealed class DocArray : DocContainer
{
    private DocValue[] _items;

    public DocArray() => _items = [];

    /// <summary>Takes <paramref name="items"/> as its own, without a copy.</summary>
    public DocArray(DocValue[] items)
    {
        _items = items;
        Count = items.Length;
    }

    public ReadOnlySpan<DocValue> Items => _items.AsSpan(0, Count);

    public DocValue this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    public void Add(DocValue value)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Math.Max(4, Count * 2));
        _items[Count++] = value;
    }

    /// <summary>Adds <c>null</c>s until it holds at least <paramref name="count"/> values.</summary>
    public void PadTo(int count)
    {
        if (count <= Count) return;
        if (count > _items.Length) Array.Resize(ref _items, Math.Max(count, Math.Min(Count * 2, Array.MaxLength)));
        _items.AsSpan(Count, count - Count).Fill(DocValue.Null);
        Count = count;
    }

    /// <summary>Removes every value whose index <paramref name="doomed"/> names; the others keep their order.</summary>
    public void RemoveAll(Predicate<int> doomed)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!doomed(i)) _items[kept++] = _items[i];
        }

        _items.AsSpan(kept, Count - kept).Clear();
        Count = kept;
    }

    /// <summary>A copy that may be changed. What it holds is now held twice, and so marked.</summary>
    public DocArray Copy()
    {
        foreach (var item in Items) item.Share();
        return new DocArray(Items.ToArray());
    }
}
