// Makes blobs that were read from IndexedDB perish as in WebKit: once their record is deleted or
// overwritten, in whatever tab, they cannot be read, stored, sent or shown, and neither can what
// was made of them.
(function () {
  if (window.perishable) return;
  // Blobs that were read, by store and key; what each blob was made of; what stands at an address.
  const read = new Map();
  const parents = new WeakMap();
  const gone = new WeakSet();
  const urls = new Map();
  const seen = { read: 0, perished: 0, refused: 0 };
  const channel = new BroadcastChannel("perishable");
  const NativeBlob = Blob;
  const nativeSlice = Blob.prototype.slice;
  const revoke = URL.revokeObjectURL.bind(URL);

  const is_gone = (blob) => gone.has(blob) || (parents.get(blob) || []).some(is_gone);
  const refused = () => { seen.refused += 1; return new DOMException("its record is gone", "NotFoundError"); };
  const name = (store, key) => JSON.stringify([store, key]);

  function note(store, key, value) {
    if (!(value instanceof NativeBlob)) return;
    seen.read += 1;
    const all = read.get(name(store, key)) || [];
    all.push(value);
    read.set(name(store, key), all);
  }
  function perish(record) {
    for (const blob of read.get(record) || []) { gone.add(blob); seen.perished += 1; }
    read.delete(record);
    for (const [url, blob] of urls) if (is_gone(blob)) { revoke(url); urls.delete(url); }
  }
  function perish_all(records) {
    records.forEach(perish);
    channel.postMessage(records);
  }
  channel.onmessage = (event) => event.data.forEach(perish);

  const records = IDBObjectStore.prototype;
  const native = {};
  for (const method of ["get", "getAll", "getAllKeys", "put", "delete", "clear"]) native[method] = records[method];
  const then = (request, act) => { request.addEventListener("success", act); return request; };

  records.get = function (key) {
    const request = native.get.call(this, key);
    return then(request, () => note(this.name, key, request.result));
  };
  records.getAll = function (...range) {
    const keys = native.getAllKeys.apply(this, range);
    const request = native.getAll.apply(this, range);
    return then(request, () => request.result.forEach((value, at) => note(this.name, keys.result[at], value)));
  };
  records.put = function (value, key) {
    const is_refused = value instanceof NativeBlob && is_gone(value);
    if (is_refused) seen.refused += 1;
    const request = native.put.call(this, is_refused ? null : value, key);
    if (is_refused) this.transaction.abort();
    return then(request, () => perish_all([name(this.name, key)]));
  };
  records.delete = function (key) {
    const found = native.getAllKeys.call(this, key);
    return then(native.delete.call(this, key), () => perish_all(found.result.map((one) => name(this.name, one))));
  };
  records.clear = function () {
    const found = native.getAllKeys.call(this);
    return then(native.clear.call(this), () => perish_all(found.result.map((one) => name(this.name, one))));
  };

  for (const method of ["arrayBuffer", "text", "bytes"]) {
    const own = NativeBlob.prototype[method];
    if (own) NativeBlob.prototype[method] = function () { return is_gone(this) ? Promise.reject(refused()) : own.call(this); };
  }
  NativeBlob.prototype.slice = function (...range) {
    const part = nativeSlice.apply(this, range);
    parents.set(part, [this]);
    return part;
  };
  const stream = NativeBlob.prototype.stream;
  NativeBlob.prototype.stream = function () { if (is_gone(this)) throw refused(); return stream.call(this); };
  window.Blob = new Proxy(NativeBlob, {
    construct(target, [parts, options], self) {
      const made = Reflect.construct(target, parts === undefined ? [] : [parts, options || {}], self);
      parents.set(made, Array.from(parts || []).filter((part) => part instanceof NativeBlob));
      return made;
    },
  });
  const address = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    if (blob instanceof NativeBlob && is_gone(blob)) { seen.refused += 1; return "blob:null/perished"; }
    const url = address(blob);
    if (blob instanceof NativeBlob) urls.set(url, blob);
    return url;
  };
  URL.revokeObjectURL = (url) => { urls.delete(url); revoke(url); };
  const draw = window.createImageBitmap;
  window.createImageBitmap = (source, ...rest) =>
    source instanceof NativeBlob && is_gone(source) ? Promise.reject(refused()) : draw(source, ...rest);
  // What cannot be read is sent as nothing.
  const append = FormData.prototype.append;
  FormData.prototype.append = function (field, value, ...rest) {
    const is_refused = value instanceof NativeBlob && is_gone(value);
    if (is_refused) seen.refused += 1;
    return append.call(this, field, is_refused ? new NativeBlob([]) : value, ...rest);
  };
  window.perishable = seen;
})();
